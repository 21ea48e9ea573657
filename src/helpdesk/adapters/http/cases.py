"""Everything that HTTP can ask of the domain."""

from dataclasses import dataclass

from helpdesk.domain.usecases.amend_message import AmendMessage
from helpdesk.domain.usecases.close_attendance import CloseAttendance
from helpdesk.domain.usecases.follow_feed import FollowFeed
from helpdesk.domain.usecases.give_feedback import GiveFeedback
from helpdesk.domain.usecases.grant_live import GrantLive
from helpdesk.domain.usecases.handle_attendance import (
    ReadAttendance,
    ReleaseAttendance,
    ShowTyping,
    TakeAttendance,
    TransferAttendance,
)
from helpdesk.domain.usecases.handle_dead_letters import HandleDeadLetters
from helpdesk.domain.usecases.keep_journey import ReadJourney
from helpdesk.domain.usecases.manage_clients import ManageClients
from helpdesk.domain.usecases.manage_push import ManagePush
from helpdesk.domain.usecases.manage_sessions import LogOutSession, ManageSessions, RequestPairCode
from helpdesk.domain.usecases.manage_team import ManageAttendants, ManageSectors
from helpdesk.domain.usecases.merge_clients import MergeClients
from helpdesk.domain.usecases.open_attendance import OpenAttendance
from helpdesk.domain.usecases.play_phone import PlayPhone
from helpdesk.domain.usecases.presence import Presence
from helpdesk.domain.usecases.read_board import ReadBoard, ReadDirectory
from helpdesk.domain.usecases.read_media import ReadMedia
from helpdesk.domain.usecases.retry_message import RetryMessage
from helpdesk.domain.usecases.send_media import SendMedia
from helpdesk.domain.usecases.send_reply import SendReply, WriteNote
from helpdesk.domain.usecases.send_template import ReadTemplates, SendTemplate
from helpdesk.domain.usecases.show_qr import ReadQr
from helpdesk.domain.usecases.sign_in import Authenticate, ChangePassword, SignInOut
from helpdesk.domain.usecases.track_media import AskAgain
from helpdesk.domain.usecases.watch_live import WatchLive


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The use cases.

    `play_phone` is None unless the simulator is the bridge, `grant_live` and `watch_live` unless
    dashboards listen elsewhere.
    """

    amend_message: AmendMessage
    authenticate: Authenticate
    change_password: ChangePassword
    close_attendance: CloseAttendance
    follow_feed: FollowFeed
    give_feedback: GiveFeedback
    handle_dead_letters: HandleDeadLetters
    log_out_session: LogOutSession
    manage_attendants: ManageAttendants
    manage_clients: ManageClients
    manage_push: ManagePush
    manage_sectors: ManageSectors
    manage_sessions: ManageSessions
    merge_clients: MergeClients
    open_attendance: OpenAttendance
    presence: Presence
    ask_again: AskAgain
    read_attendance: ReadAttendance
    read_board: ReadBoard
    read_directory: ReadDirectory
    read_media: ReadMedia
    read_qr: ReadQr
    read_journey: ReadJourney
    read_templates: ReadTemplates
    release_attendance: ReleaseAttendance
    request_pair_code: RequestPairCode
    retry_message: RetryMessage
    send_reply: SendReply
    send_media: SendMedia
    send_template: SendTemplate
    show_typing: ShowTyping
    sign_in_out: SignInOut
    take_attendance: TakeAttendance
    transfer_attendance: TransferAttendance
    write_note: WriteNote
    play_phone: PlayPhone | None = None
    grant_live: GrantLive | None = None
    watch_live: WatchLive | None = None
