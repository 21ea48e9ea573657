// Written by `npm run gen` from docs/openapi.json. Not edited by hand.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Problem
         * @description What every refusal looks like; some codes add members, for example `holder`.
         */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            /** @default [] */
            errors?: components["schemas"]["FieldProblem"][];
        };
        /**
         * FieldProblem
         * @description `field` is a member of the body, a parameter or a header; "body" when it is all of it.
         */
        FieldProblem: {
            field: string;
            reason: string;
        };
        /** SignInBody */
        SignInBody: {
            email: string;
            password: string;
        };
        /**
         * SignedInOut
         * @description `token` is for the Authorization header; browsers get it as a cookie that scripts cannot
         *     read.
         */
        SignedInOut: {
            token: string;
            expires_at: string;
            attendant: components["schemas"]["AttendantOut"];
        };
        /** AttendantOut */
        AttendantOut: {
            /** Format: uuid */
            id: string;
            name: string;
            email: string;
            role: components["schemas"]["Role"];
            capacity: number;
            sectors: string[];
            active: boolean;
            away: boolean;
            online: boolean;
            open_attendances: number;
        };
        /**
         * Role
         * @enum {unknown}
         */
        Role: "admin" | "attendant" | "manager";
        /**
         * Nothing
         * @description No body and no query.
         */
        Nothing: Record<string, never>;
        /** MeOut */
        MeOut: {
            attendant: components["schemas"]["AttendantOut"];
            locale: string;
            live: string;
            firebase: components["schemas"]["FirebaseOut"] | null;
            simulator: boolean;
            version: string;
            limits: components["schemas"]["LimitsOut"];
        };
        /**
         * FirebaseOut
         * @description What a browser needs to listen in Firestore; the addresses are empty for Google's.
         */
        FirebaseOut: {
            project: string;
            api_key: string;
            firestore_url: string;
            auth_url: string;
        };
        /** LimitsOut */
        LimitsOut: {
            text: number;
            caption: number;
            files: number;
        };
        /** MeBody */
        MeBody: {
            name?: string;
            away?: boolean;
        };
        /** OwnPasswordBody */
        OwnPasswordBody: {
            current: string;
            new: string;
        };
        /** CountsOut */
        CountsOut: {
            waiting: number;
            mine: number;
            all: number;
            closed: number;
            unread: number;
        };
        /**
         * LiveTokenOut
         * @description `cursor` is that of now; what came before `replay_seconds` is not replayed.
         */
        LiveTokenOut: {
            token: string;
            feeds: string[];
            cursor: string;
            expires_at: string;
            replay_seconds: number;
        };
        /**
         * PresenceOut
         * @description `late`: events do not come to Firestore for a while; follow `/v1/feed` until it is false.
         */
        PresenceOut: {
            late: boolean;
        };
        /**
         * PushOut
         * @description `kind` says how a device registers, `key` and `app` are what a browser needs for it.
         */
        PushOut: {
            kind: string;
            key: string;
            app: {
                [key: string]: string;
            };
            on: boolean;
            content: boolean;
            devices: components["schemas"]["DeviceOut"][];
        };
        /**
         * DeviceOut
         * @description Where it is reached is nobody's business.
         */
        DeviceOut: {
            /** Format: uuid */
            id: string;
            name: string;
            since: string;
        };
        /** PushBody */
        PushBody: {
            on?: boolean;
            content?: boolean;
        };
        /**
         * DeviceBody
         * @description As the browser's `PushSubscription` has it: `endpoint`, `p256dh` and `auth`.
         *
         *     With kind `firebase` the target is the Firebase installation id, and there is no more to it.
         */
        DeviceBody: {
            target: string;
            name: string;
            /** @enum {unknown} */
            locale: "en" | "es" | "pt-BR";
            /** @default  */
            key?: string;
            /** @default  */
            auth?: string;
        };
        /** AttendancesQuery */
        AttendancesQuery: {
            status?: components["schemas"]["StatusWanted"];
            /** @default false */
            mine?: boolean;
            /** Format: uuid */
            sector?: string;
            /** Format: uuid */
            client?: string;
            /**
             * @description `next` of the page before.
             * @default
             */
            cursor?: string;
            /**
             * @description How many, at most.
             * @default 50
             */
            limit?: number;
        };
        /**
         * StatusWanted
         * @enum {unknown}
         */
        StatusWanted: "active" | "closed" | "open" | "waiting";
        /**
         * ListOut[AttendanceOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_AttendanceOut_: {
            items: components["schemas"]["AttendanceOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * AttendanceOut
         * @description `window_closes_at`: after it only a template can be sent; null: there is no such limit.
         */
        AttendanceOut: {
            /** Format: uuid */
            id: string;
            status: components["schemas"]["Status"];
            client: components["schemas"]["ClientRefOut"];
            session: components["schemas"]["NamedOut"];
            sector: components["schemas"]["NamedOut"];
            attendant: components["schemas"]["NamedOut"] | null;
            opened_by: components["schemas"]["Party"];
            opened_at: string;
            last_message_at: string;
            closed_at: string | null;
            closed_by: components["schemas"]["ClosedBy"] | null;
            unread: number;
            last_position: number;
            neglected: boolean;
            last_message: components["schemas"]["LastMessageOut"] | null;
            feedback: components["schemas"]["RatingOut"] | null;
            waiting_since: string | null;
            window_closes_at: string | null;
        };
        /**
         * Status
         * @enum {unknown}
         */
        Status: "active" | "closed" | "waiting";
        /** ClientRefOut */
        ClientRefOut: {
            /** Format: uuid */
            id: string;
            name: string;
            phone: string | null;
        };
        /** NamedOut */
        NamedOut: {
            /** Format: uuid */
            id: string;
            name: string;
        };
        /**
         * Party
         * @description Who did it, seen from WhatsApp.
         * @enum {unknown}
         */
        Party: "attendant" | "client";
        /**
         * ClosedBy
         * @enum {unknown}
         */
        ClosedBy: "attendant" | "merge" | "silence";
        /** LastMessageOut */
        LastMessageOut: {
            direction: components["schemas"]["Direction"];
            kind: components["schemas"]["Kind"];
            text: string;
            at: string;
            delivery: components["schemas"]["Delivery"] | null;
        };
        /**
         * Direction
         * @enum {unknown}
         */
        Direction: "inbound" | "note" | "reply";
        /**
         * Kind
         * @enum {unknown}
         */
        Kind: "audio" | "call" | "contact" | "document" | "feedback_request" | "image" | "location" | "sticker" | "text" | "unsupported" | "video" | "voice";
        /**
         * Delivery
         * @description What is known of a reply's way, in order of rank.
         * @enum {unknown}
         */
        Delivery: "delivered" | "failed" | "queued" | "read" | "sent" | "unknown";
        /** RatingOut */
        RatingOut: {
            score: number;
            comment: string;
            at: string;
        };
        /**
         * OpenBody
         * @description To a client that is known, or to a phone number; a text, or a template of the session.
         */
        OpenBody: {
            /** @default null */
            text?: string | null;
            /** @default null */
            template?: components["schemas"]["TemplateBody"] | null;
            /** @default null */
            client_id?: string | null;
            /** @default null */
            phone?: string | null;
            /** @default  */
            name?: string;
            /** @default null */
            session_id?: string | null;
            /** @default null */
            sector_id?: string | null;
        };
        /**
         * TemplateBody
         * @description `variables` are by their keys, as the number's list of templates has them.
         */
        TemplateBody: {
            name: string;
            language: string;
            /** @default {} */
            variables?: {
                [key: string]: string;
            };
        };
        /** OpenedOut */
        OpenedOut: {
            attendance: components["schemas"]["AttendanceOut"];
            message: components["schemas"]["MessageOut"];
        };
        /**
         * MessageOut
         * @description `delivery` is null for what the client wrote and for notes; `author` is null for the
         *     client and the system.
         */
        MessageOut: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            attendance_id: string;
            position: number;
            direction: components["schemas"]["Direction"];
            kind: components["schemas"]["Kind"];
            text: string;
            media: components["schemas"]["MediaOut"] | null;
            location: components["schemas"]["Location"] | null;
            contacts: components["schemas"]["ContactCard"][];
            template: components["schemas"]["TemplateRefOut"] | null;
            delivery: components["schemas"]["Delivery"] | null;
            failure: components["schemas"]["FailureOut"] | null;
            attempt: number;
            author: components["schemas"]["NamedOut"] | null;
            quote: components["schemas"]["QuoteOut"] | null;
            at: string;
            reactions: components["schemas"]["ReactionOut"][];
            edited_at: string | null;
            revoked_at: string | null;
        };
        /**
         * MediaOut
         * @description A file, which is at `/v1/media/{id}` when `state` is `ready`.
         *
         *     `kind` and `mime` are what its bytes say, or the sender's word while it is `pending`; `width`
         *     and `height` are in pixels as shown, `duration` is in seconds, `waveform` has peaks from 0 to
         *     100. While `processing`, renditions may still come. While `pending`, it is fetched until
         *     `retry_until`; `reason` says what was wrong the last time.
         */
        MediaOut: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["MediaKind"];
            state: components["schemas"]["MediaState"];
            name: string;
            mime: string;
            size: number | null;
            sha256: string | null;
            width: number | null;
            height: number | null;
            duration: number | null;
            waveform: number[];
            renditions: components["schemas"]["RenditionOut"][];
            processing: boolean;
            attempts: number;
            retry_until: string | null;
            reason: string;
        };
        /**
         * MediaKind
         * @description What a file is to people; a kind of message of the same name goes with each.
         * @enum {unknown}
         */
        MediaKind: "audio" | "document" | "image" | "sticker" | "video" | "voice";
        /**
         * MediaState
         * @enum {unknown}
         */
        MediaState: "failed" | "gone" | "pending" | "ready" | "removed";
        /**
         * RenditionOut
         * @description What was made of the file; it is at `/v1/media/{id}/{form}`.
         */
        RenditionOut: {
            form: components["schemas"]["Form"];
            mime: string;
            size: number;
            width: number | null;
            height: number | null;
        };
        /**
         * Form
         * @description What is made of a file, beside the original that is always kept.
         * @enum {unknown}
         */
        Form: "mp3" | "photo" | "playable" | "poster" | "sticker" | "thumbnail" | "voice";
        /**
         * Location
         * @description A place on Earth, in degrees (WGS 84).
         */
        Location: {
            latitude: number;
            longitude: number;
            /** @default  */
            name?: string;
            /** @default  */
            address?: string;
        };
        /**
         * ContactCard
         * @description A person as somebody else describes them; phones are as written, in no sure form.
         */
        ContactCard: {
            name: string;
            /** @default [] */
            phones?: string[];
            /** @default [] */
            emails?: string[];
            /** @default  */
            organization?: string;
        };
        /**
         * TemplateRefOut
         * @description Which template a text was made of.
         */
        TemplateRefOut: {
            name: string;
            language: string;
        };
        /**
         * FailureOut
         * @description Why a reply did not arrive: a code for programs, a sentence for people.
         */
        FailureOut: {
            code: string;
            detail: string;
        };
        /** QuoteOut */
        QuoteOut: {
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["Kind"];
            text: string;
            direction: components["schemas"]["Direction"];
        };
        /**
         * ReactionOut
         * @description `side` is whose it is; `by_id` the attendant, unless another device of ours put it.
         */
        ReactionOut: {
            side: components["schemas"]["Party"];
            emoji: string;
            at: string;
            by_id: string | null;
        };
        /**
         * ListOut[ChangeOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_ChangeOut_: {
            items: components["schemas"]["ChangeOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * ChangeOut
         * @description A line of an attendance's history; `actor` is null for the client and the system.
         */
        ChangeOut: {
            at: string;
            kind: components["schemas"]["ChangeKind"];
            actor: components["schemas"]["NamedOut"] | null;
            attendant: components["schemas"]["NamedOut"] | null;
            sector: components["schemas"]["NamedOut"] | null;
            reason: string | null;
        };
        /**
         * ChangeKind
         * @enum {unknown}
         */
        ChangeKind: "assigned" | "closed" | "opened" | "rated" | "released" | "transferred";
        /**
         * TakeBody
         * @description `force` takes it from a colleague, for managers and admins.
         */
        TakeBody: {
            /** @default false */
            force?: boolean;
        };
        /**
         * TransferBody
         * @description Either a colleague or a sector.
         */
        TransferBody: {
            /** @default null */
            attendant_id?: string | null;
            /** @default null */
            sector_id?: string | null;
            /** @default  */
            reason?: string;
        };
        /** CloseBody */
        CloseBody: {
            /** @default  */
            reason?: string;
        };
        /** MessagesQuery */
        MessagesQuery: {
            before?: number;
            /** @default 50 */
            limit?: number;
        };
        /**
         * ListOut[MessageOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_MessageOut_: {
            items: components["schemas"]["MessageOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * ReplyBody
         * @description A text, or a place, or cards of people, or a template.
         */
        ReplyBody: {
            /** @default null */
            text?: string | null;
            /** @default null */
            location?: components["schemas"]["LocationBody"] | null;
            /** @default [] */
            contacts?: components["schemas"]["ContactBody"][];
            /** @default null */
            template?: components["schemas"]["TemplateBody"] | null;
            /** @default null */
            quote?: string | null;
        };
        /**
         * LocationBody
         * @description Degrees, WGS 84.
         */
        LocationBody: {
            latitude: number;
            longitude: number;
            /** @default  */
            name?: string;
            /** @default  */
            address?: string;
        };
        /** ContactBody */
        ContactBody: {
            name: string;
            /** @default [] */
            phones?: string[];
            /** @default [] */
            emails?: string[];
            /** @default  */
            organization?: string;
        };
        /** NoteBody */
        NoteBody: {
            text: string;
        };
        /**
         * ListOut[StepOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_StepOut_: {
            items: components["schemas"]["StepOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * StepOut
         * @description `process` is null unless one leads; `failure` says why, where the step is a failure.
         */
        StepOut: {
            name: components["schemas"]["StepName"];
            at: string;
            attempt: number;
            process: string | null;
            correlation_id: string;
            failure: components["schemas"]["FailureOut"] | null;
        };
        /**
         * StepName
         * @description In the order in which they usually happen.
         * @enum {unknown}
         */
        StepName: "accepted" | "delivered" | "failed" | "queued" | "read" | "received" | "sending" | "sent" | "shown" | "stored" | "unknown";
        /** SearchQuery */
        SearchQuery: {
            /**
             * @description `next` of the page before.
             * @default
             */
            cursor?: string;
            /**
             * @description How many, at most.
             * @default 50
             */
            limit?: number;
            /** @description Accents and case do not matter. */
            q: string;
        };
        /**
         * ListOut[FoundOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_FoundOut_: {
            items: components["schemas"]["FoundOut"][];
            /** @default null */
            next?: string | null;
        };
        /** FoundOut */
        FoundOut: {
            message: components["schemas"]["MessageOut"];
            attendance: components["schemas"]["AttendanceOut"];
        };
        /**
         * ReactionBody
         * @description One emoji; an empty one takes the reaction back.
         */
        ReactionBody: {
            emoji: string;
        };
        /** EditBody */
        EditBody: {
            text: string;
        };
        /**
         * ListOut[RevisionOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_RevisionOut_: {
            items: components["schemas"]["RevisionOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * RevisionOut
         * @description What the message said before; `actor` is null for the client and other devices of ours.
         */
        RevisionOut: {
            at: string;
            kind: components["schemas"]["RevisionKind"];
            actor: components["schemas"]["NamedOut"] | null;
            text: string;
        };
        /**
         * RevisionKind
         * @enum {unknown}
         */
        RevisionKind: "edited" | "revoked";
        /**
         * ListOut[LinkOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_LinkOut_: {
            items: components["schemas"]["LinkOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * LinkOut
         * @description `form` is null for the original.
         */
        LinkOut: {
            form: components["schemas"]["Form"] | null;
            url: string;
            expires_at: string;
        };
        /**
         * FileQuery
         * @description `expires` and `signature` are those of a link; `download` saves instead of showing.
         */
        FileQuery: {
            /** @default null */
            expires?: number | null;
            /** @default null */
            signature?: string | null;
            /** @default false */
            download?: boolean;
        };
        /** ClientsQuery */
        ClientsQuery: {
            /**
             * @description Of a name, tag or address.
             * @default
             */
            q?: string;
            /**
             * @description `next` of the page before.
             * @default
             */
            cursor?: string;
            /**
             * @description How many, at most.
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListOut[ClientOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_ClientOut_: {
            items: components["schemas"]["ClientOut"][];
            /** @default null */
            next?: string | null;
        };
        /** ClientOut */
        ClientOut: {
            /** Format: uuid */
            id: string;
            name: string;
            notes: string;
            tags: string[];
            identities: components["schemas"]["IdentityOut"][];
            phone: string | null;
            created_at: string;
        };
        /** IdentityOut */
        IdentityOut: {
            kind: components["schemas"]["Scheme"];
            value: string;
        };
        /**
         * Scheme
         * @enum {unknown}
         */
        Scheme: "bsuid" | "lid" | "phone" | "username";
        /** NewClientBody */
        NewClientBody: {
            phone: string;
            /** @default  */
            name?: string;
        };
        /** ClientBody */
        ClientBody: {
            name?: string;
            notes?: string;
            tags?: string[];
        };
        /** MergeBody */
        MergeBody: {
            /** Format: uuid */
            other_id: string;
        };
        /**
         * ListOut[MergeOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_MergeOut_: {
            items: components["schemas"]["MergeOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * MergeOut
         * @description Two clients became one; `actor` is null when the system saw that they are.
         */
        MergeOut: {
            at: string;
            actor: components["schemas"]["NamedOut"] | null;
            merged: components["schemas"]["NamedOut"];
            kept: components["schemas"]["NamedOut"];
        };
        /** PageQuery */
        PageQuery: {
            /**
             * @description `next` of the page before.
             * @default
             */
            cursor?: string;
            /**
             * @description How many, at most.
             * @default 50
             */
            limit?: number;
        };
        /**
         * ListOut[SectorOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_SectorOut_: {
            items: components["schemas"]["SectorOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * SectorOut
         * @description A duration of null is the installation's default.
         */
        SectorOut: {
            /** Format: uuid */
            id: string;
            name: string;
            policy: components["schemas"]["Policy"];
            is_default: boolean;
            members: string[];
            close_after_seconds: number | null;
            check_every_seconds: number | null;
            when_client_waits: components["schemas"]["WhenClientWaits"];
            ask_feedback: boolean;
        };
        /**
         * Policy
         * @description How a new attendance finds its attendant.
         * @enum {unknown}
         */
        Policy: "least_busy" | "manual";
        /**
         * WhenClientWaits
         * @description What silence does to an attendance in which the client spoke last.
         * @enum {unknown}
         */
        WhenClientWaits: "close" | "warn";
        /** SectorBody */
        SectorBody: {
            name: string;
            policy?: components["schemas"]["Policy"];
            is_default?: boolean;
            close_after_seconds?: number | null;
            check_every_seconds?: number | null;
            when_client_waits?: components["schemas"]["WhenClientWaits"];
            ask_feedback?: boolean;
        };
        /**
         * SectorChangeBody
         * @description A duration of null is the installation's default.
         */
        SectorChangeBody: {
            name?: string;
            policy?: components["schemas"]["Policy"];
            is_default?: boolean;
            close_after_seconds?: number | null;
            check_every_seconds?: number | null;
            when_client_waits?: components["schemas"]["WhenClientWaits"];
            ask_feedback?: boolean;
        };
        /**
         * ListOut[AttendantOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_AttendantOut_: {
            items: components["schemas"]["AttendantOut"][];
            /** @default null */
            next?: string | null;
        };
        /** AttendantBody */
        AttendantBody: {
            name: string;
            email: string;
            role: components["schemas"]["Role"];
            password: string;
            capacity?: number;
            sectors?: string[];
        };
        /** AttendantChangeBody */
        AttendantChangeBody: {
            name?: string;
            role?: components["schemas"]["Role"];
            capacity?: number;
            sectors?: string[];
            active?: boolean;
            away?: boolean;
        };
        /** PasswordBody */
        PasswordBody: {
            new: string;
        };
        /**
         * ListOut[SessionOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_SessionOut_: {
            items: components["schemas"]["SessionOut"][];
            /** @default null */
            next?: string | null;
        };
        /** SessionOut */
        SessionOut: {
            /** Format: uuid */
            id: string;
            name: string;
            bridge: string;
            account: string;
            state: components["schemas"]["SessionState"];
            reason: string | null;
            since: string;
            phone: string | null;
            last_seen: string | null;
            qr: components["schemas"]["QrOut"] | null;
            pair_code_expires_at: string | null;
            until: string | null;
            capabilities: components["schemas"]["CapabilitiesOut"];
            held_by: string | null;
        };
        /**
         * SessionState
         * @enum {unknown}
         */
        SessionState: "banned" | "connected" | "disconnected" | "failed" | "logged_out" | "passkey_required" | "qr" | "starting" | "stopped";
        /** QrOut */
        QrOut: {
            attempt: number;
            expires_at: string;
        };
        /**
         * CapabilitiesOut
         * @description What a number can do, by its bridge; `media`: bytes of a file of each kind, 0: none.
         */
        CapabilitiesOut: {
            qr: boolean;
            pair_code: boolean;
            session_restore: boolean;
            typing: boolean;
            mark_read: boolean;
            quote: boolean;
            reactions: boolean;
            edit: boolean;
            revoke: boolean;
            templates: boolean;
            window_24h: boolean;
            logout: boolean;
            official: boolean;
            location: boolean;
            contacts: boolean;
            voice: components["schemas"]["VoiceFormat"];
            media: components["schemas"]["MediaLimits"];
        };
        /**
         * VoiceFormat
         * @description What a bridge takes as a voice note.
         * @enum {unknown}
         */
        VoiceFormat: "any" | "mp3" | "ogg_opus";
        /**
         * MediaLimits
         * @description The largest file of each kind, in bytes; 0: none.
         *
         *     The defaults are what WhatsApp takes (Cloud API, "Supported media types"); a sticker may move.
         */
        MediaLimits: {
            /** @default 5242880 */
            image?: number;
            /** @default 512000 */
            sticker?: number;
            /** @default 16777216 */
            audio?: number;
            /** @default 16777216 */
            voice?: number;
            /** @default 16777216 */
            video?: number;
            /** @default 104857600 */
            document?: number;
        };
        /**
         * ListOut[BridgeOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_BridgeOut_: {
            items: components["schemas"]["BridgeOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * BridgeOut
         * @description A way to WhatsApp by which a number may be added; `account`: the number must be named.
         */
        BridgeOut: {
            name: string;
            official: boolean;
            qr: boolean;
            pair_code: boolean;
            logout: boolean;
            account: boolean;
        };
        /**
         * SessionBody
         * @description `bridge` is an adapter, such as whatsapp.cloud; `account` what it calls the number.
         */
        SessionBody: {
            name: string;
            bridge: string;
            /** @default  */
            account?: string;
        };
        /** SessionChangeBody */
        SessionChangeBody: {
            name?: string;
            account?: string;
        };
        /**
         * PairBody
         * @description The number of the phone that shall be linked, with its country code.
         */
        PairBody: {
            phone: string;
        };
        /** PairCodeOut */
        PairCodeOut: {
            code: string;
            expires_at: string;
        };
        /**
         * ListOut[OutageOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_OutageOut_: {
            items: components["schemas"]["OutageOut"][];
            /** @default null */
            next?: string | null;
        };
        /** OutageOut */
        OutageOut: {
            since: string;
            ended_at: string | null;
            state: components["schemas"]["SessionState"];
            reason: string | null;
            told: components["schemas"]["ToldOut"][];
        };
        /**
         * ToldOut
         * @description A channel of alerts, as the configuration calls it, and what it was told.
         */
        ToldOut: {
            channel: string;
            news: components["schemas"]["News"];
        };
        /**
         * News
         * @enum {unknown}
         */
        News: "back" | "down";
        /**
         * ListOut[TemplateOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_TemplateOut_: {
            items: components["schemas"]["TemplateOut"][];
            /** @default null */
            next?: string | null;
        };
        /** TemplateOut */
        TemplateOut: {
            name: string;
            language: string;
            category: string;
            header: string | null;
            body: string;
            footer: string | null;
            buttons: components["schemas"]["ButtonOut"][];
            variables: components["schemas"]["VariableOut"][];
        };
        /** ButtonOut */
        ButtonOut: {
            text: string;
            url: string | null;
        };
        /**
         * VariableOut
         * @description `name` stands in double braces in its part; `button` counts from 1, and is 0 elsewhere.
         */
        VariableOut: {
            key: string;
            part: components["schemas"]["Part"];
            name: string;
            button: number;
            example: string;
        };
        /**
         * Part
         * @enum {unknown}
         */
        Part: "body" | "button" | "header";
        /**
         * LettersQuery
         * @description Left out: any queue, type or reason.
         */
        LettersQuery: {
            /**
             * @description `next` of the page before.
             * @default
             */
            cursor?: string;
            /**
             * @description How many, at most.
             * @default 50
             */
            limit?: number;
            /** @default  */
            queue?: string;
            /** @default  */
            type?: string;
            /** @default null */
            reason?: components["schemas"]["DeathReason"] | null;
            /** @default waiting */
            state?: components["schemas"]["LetterState"];
        };
        /**
         * DeathReason
         * @description Why a message was put aside.
         * @enum {unknown}
         */
        DeathReason: "exhausted" | "lost" | "refused" | "unreadable";
        /**
         * LetterState
         * @enum {unknown}
         */
        LetterState: "replayed" | "waiting";
        /**
         * ListOut[LetterOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_LetterOut_: {
            items: components["schemas"]["LetterOut"][];
            /** @default null */
            next?: string | null;
        };
        /**
         * LetterOut
         * @description `key` is what it is in order with; phone numbers are hidden but for their last digits.
         */
        LetterOut: {
            /** Format: uuid */
            id: string;
            queue: string;
            type: string;
            key: string;
            reason: components["schemas"]["DeathReason"];
            error: string;
            detail: string;
            attempts: number;
            deaths: number;
            first_at: string;
            last_at: string;
            replayed_at: string | null;
        };
        /**
         * LetterWithBodyOut
         * @description `body` is the message as it was; in Base64 when it is no text.
         */
        LetterWithBodyOut: {
            letter: components["schemas"]["LetterOut"];
            message_id: string;
            correlation: string;
            body: string;
            encoding: components["schemas"]["BodyEncoding"];
        };
        /**
         * BodyEncoding
         * @enum {unknown}
         */
        BodyEncoding: "base64" | "text";
        /**
         * ReplayBody
         * @description Left out: any queue, type or reason.
         */
        ReplayBody: {
            /** @default  */
            queue?: string;
            /** @default  */
            type?: string;
            /** @default null */
            reason?: components["schemas"]["DeathReason"] | null;
        };
        /**
         * ReplayedOut
         * @description `left`: how many such letters still wait; call again, or look at those nobody can read.
         */
        ReplayedOut: {
            replayed: number;
            left: number;
        };
        /** FormOut */
        FormOut: {
            /** @enum {unknown} */
            state: "open";
            expires_at: string;
        };
        /** FeedbackBody */
        FeedbackBody: {
            score: number;
            /** @default  */
            comment?: string;
        };
        /** ScoreOut */
        ScoreOut: {
            score: number;
        };
        /**
         * ListOut[PhoneLineOut]
         * @description A page; `next` continues after it, and is null at the end.
         */
        ListOut_PhoneLineOut_: {
            items: components["schemas"]["PhoneLineOut"][];
            /** @default null */
            next?: string | null;
        };
        /** PhoneLineOut */
        PhoneLineOut: {
            phone: string;
            name: string;
            online: boolean;
            missing: boolean;
            last: components["schemas"]["PhoneMessageOut"] | null;
            unread: number;
        };
        /**
         * PhoneMessageOut
         * @description `direction` is as the phone sees it: `out` is to the helpdesk.
         */
        PhoneMessageOut: {
            id: string;
            seq: number;
            direction: components["schemas"]["Side"];
            kind: components["schemas"]["Kind"];
            text: string;
            media: components["schemas"]["MediaOut"] | null;
            location: components["schemas"]["Location"] | null;
            contacts: components["schemas"]["ContactCard"][];
            quote: string | null;
            delivery: components["schemas"]["Tick"];
            at: string;
            reaction_out: string;
            reaction_in: string;
            edited: boolean;
            revoked: boolean;
        };
        /**
         * Side
         * @enum {unknown}
         */
        Side: "in" | "out";
        /**
         * Tick
         * @description What a phone shows beside a message, in order of rank.
         * @enum {unknown}
         */
        Tick: "delivered" | "pending" | "read" | "sent";
        /**
         * PhoneBody
         * @description `missing` takes the phone off WhatsApp: it cannot be reached.
         */
        PhoneBody: {
            name?: string;
            online?: boolean;
            missing?: boolean;
        };
        /** PhoneOut */
        PhoneOut: {
            phone: string;
            name: string;
            online: boolean;
            missing: boolean;
        };
        /**
         * SaidBody
         * @description `quote` is the id of a message on this phone.
         *
         *     `hours_ago`: it was written then and comes now, as from a phone that was off.
         */
        SaidBody: {
            /** @default null */
            text?: string | null;
            /** @default null */
            location?: components["schemas"]["LocationBody"] | null;
            /** @default [] */
            contacts?: components["schemas"]["ContactBody"][];
            /** @default null */
            quote?: string | null;
            /** @default null */
            name?: string | null;
            /** @default 0 */
            hours_ago?: number;
        };
        /**
         * PhoneQuery
         * @description Waits for `wait` seconds until something is newer than `after`.
         */
        PhoneQuery: {
            /** @default 0 */
            after?: number;
            /** @default 0 */
            wait?: number;
        };
        /**
         * ConversationOut
         * @description Pass `seq` as `after` to get what changes next.
         */
        ConversationOut: {
            items: components["schemas"]["PhoneMessageOut"][];
            next: string | null;
            seq: number;
            typing: boolean;
        };
        /**
         * AmendBody
         * @description `message` is the id of a message on this phone, `text` the emoji or the new text.
         */
        AmendBody: {
            message: string;
            verb: components["schemas"]["Verb"];
            /** @default  */
            text?: string;
        };
        /**
         * Verb
         * @enum {unknown}
         */
        Verb: "edit" | "react" | "revoke";
        /** TypingBody */
        TypingBody: {
            typing: boolean;
        };
        /** NetworkOut */
        NetworkOut: {
            session_id: string | null;
            state: components["schemas"]["SessionState"];
            network: boolean;
            banned: boolean;
            latency_ms: number;
            qr: boolean;
            fail_next: number;
            duplicate_next: number;
            reorder_next: number;
            fail_media: number;
            media_gone: boolean;
        };
        /**
         * NetworkBody
         * @description So many of the next messages fail, come twice, or come out of order.
         *
         *     So many times a phone's file cannot be fetched (`fail_media`), or never again (`media_gone`).
         */
        NetworkBody: {
            network?: boolean;
            banned?: boolean;
            latency_ms?: number;
            fail_next?: number;
            duplicate_next?: number;
            reorder_next?: number;
            fail_media?: number;
            media_gone?: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
