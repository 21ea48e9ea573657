"""The composition root: every use case, and the ports it needs.

Adapters are opened first (`opening.py`); then the use cases are wired, synchronously, from
finished objects.  dependency-injector is used here and nowhere else.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from dependency_injector import containers, providers

from helpdesk.domain.bridge import Capabilities
from helpdesk.domain.care import Care
from helpdesk.domain.silence import Silence
from helpdesk.domain.usecases.amend_message import AmendMessage
from helpdesk.domain.usecases.ask_feedback import AskFeedback
from helpdesk.domain.usecases.close_attendance import CloseAttendance, CloseSilent
from helpdesk.domain.usecases.consume_reports import ConsumeReports
from helpdesk.domain.usecases.convert_media import ConvertMedia
from helpdesk.domain.usecases.fetch_media import FetchAgain, FetchMedia, ForwardWithFile
from helpdesk.domain.usecases.follow_feed import FollowFeed
from helpdesk.domain.usecases.forward_report import ForwardReport
from helpdesk.domain.usecases.found import Found
from helpdesk.domain.usecases.give_feedback import GiveFeedback
from helpdesk.domain.usecases.handle_attendance import (
    ReadAttendance,
    ReleaseAttendance,
    ShowTyping,
    TakeAttendance,
    TransferAttendance,
)
from helpdesk.domain.usecases.handle_dead_letters import HandleDeadLetters
from helpdesk.domain.usecases.keep_files import KeepFiles
from helpdesk.domain.usecases.keep_house import KeepHouse
from helpdesk.domain.usecases.keep_journey import KeepJourney, Lost, ReadJourney, Watch
from helpdesk.domain.usecases.manage_clients import ManageClients
from helpdesk.domain.usecases.manage_push import ManagePush
from helpdesk.domain.usecases.manage_sessions import LogOutSession, ManageSessions, RequestPairCode
from helpdesk.domain.usecases.manage_team import ManageAttendants, ManageSectors
from helpdesk.domain.usecases.merge_clients import MergeClients
from helpdesk.domain.usecases.open_attendance import OpenAttendance
from helpdesk.domain.usecases.presence import Presence
from helpdesk.domain.usecases.read_board import ReadBoard, ReadDirectory
from helpdesk.domain.usecases.read_media import ReadMedia
from helpdesk.domain.usecases.receive_echo import LearnAlias, ReceiveEcho
from helpdesk.domain.usecases.receive_message import ReceiveMessage
from helpdesk.domain.usecases.relay_outbox import RelayToBots, RelayToFeed
from helpdesk.domain.usecases.retry_message import RetryMessage
from helpdesk.domain.usecases.routing import RouteWaiting
from helpdesk.domain.usecases.send_media import SendMedia
from helpdesk.domain.usecases.send_pushes import FollowForPush, SendPushes
from helpdesk.domain.usecases.send_reply import SendReply, WriteNote
from helpdesk.domain.usecases.serve_bridge import DeliverReply
from helpdesk.domain.usecases.show_qr import DropQr, ReadQr, UploadQr
from helpdesk.domain.usecases.sign_in import Authenticate, ChangePassword, SignInOut
from helpdesk.domain.usecases.tell_outages import TellOutages
from helpdesk.domain.usecases.track_amendment import TrackAmendment
from helpdesk.domain.usecases.track_delivery import TrackDelivery
from helpdesk.domain.usecases.track_media import AskAgain, OrderFetches, TrackMedia
from helpdesk.domain.usecases.track_session import TrackSession, TrackTyping
from helpdesk.filing import Filing
from helpdesk.ports.board import Board
from helpdesk.ports.bridge import Abilities
from helpdesk.ports.broker import Broker
from helpdesk.ports.conversion import Conversion
from helpdesk.ports.dead_letters import DeadLetters
from helpdesk.ports.directory import Directory
from helpdesk.ports.feed import Feed
from helpdesk.ports.journey import Journeys
from helpdesk.ports.leases import Leases
from helpdesk.ports.media import MediaStore
from helpdesk.ports.outbox import Outbox
from helpdesk.ports.push import Push
from helpdesk.ports.store import Store
from helpdesk.ports.system import Clock, Correlation, Draw, NewId, NewToken, Passwords, WayHere
from helpdesk.ports.ticks import Ticks


class UseCases(containers.DeclarativeContainer):
    """Every use case; a role uses those whose ports it opened."""

    store: providers.Dependency[Store] = providers.Dependency()
    outbox: providers.Dependency[Outbox] = providers.Dependency()
    board: providers.Dependency[Board] = providers.Dependency()
    directory: providers.Dependency[Directory] = providers.Dependency()
    feed: providers.Dependency[Feed] = providers.Dependency()
    ticks: providers.Dependency[Ticks] = providers.Dependency()
    journey: providers.Dependency[Journeys] = providers.Dependency()
    leases: providers.Dependency[Leases] = providers.Dependency()
    dead_letters: providers.Dependency[DeadLetters] = providers.Dependency()
    broker: providers.Dependency[Broker] = providers.Dependency()
    passwords: providers.Dependency[Passwords] = providers.Dependency()
    correlation: providers.Dependency[Correlation] = providers.Dependency()
    media: providers.Dependency[MediaStore] = providers.Dependency()
    conversion: providers.Dependency[Conversion] = providers.Dependency()
    filing: providers.Dependency[Filing] = providers.Dependency()
    push: providers.Dependency[Push] = providers.Dependency()
    draw: providers.Dependency[Draw] = providers.Dependency()
    now: providers.Dependency[Clock] = providers.Dependency()
    new_id: providers.Dependency[NewId] = providers.Dependency()
    new_token: providers.Dependency[NewToken] = providers.Dependency()
    silence: providers.Dependency[Silence] = providers.Dependency()
    base_url: providers.Dependency[str] = providers.Dependency()
    feedback_message: providers.Dependency[str] = providers.Dependency()
    abilities: providers.Dependency[Abilities] = providers.Dependency()
    is_a_bridge: providers.Dependency[Callable[[str], bool]] = providers.Dependency()
    bridges: providers.Dependency[Mapping[str, Capabilities]] = providers.Dependency()
    bridge_name: providers.Dependency[str] = providers.Dependency()
    sector_name: providers.Dependency[str] = providers.Dependency()
    keep_feed: providers.Dependency[timedelta] = providers.Dependency()
    keep_claims: providers.Dependency[timedelta] = providers.Dependency()
    keep_journeys: providers.Dependency[timedelta] = providers.Dependency()
    way_here: providers.Dependency[WayHere] = providers.Dependency()
    process: providers.Dependency[str] = providers.Dependency()
    watch: providers.Dependency[Watch] = providers.Dependency()
    lost: providers.Dependency[Lost] = providers.Dependency()
    alert_grace: providers.Dependency[timedelta] = providers.Dependency()
    care: providers.Dependency[Care] = providers.Dependency()
    route_waiting = providers.Singleton(RouteWaiting, store=store, now=now)
    ask_feedback = providers.Singleton(
        AskFeedback,
        new_id=new_id,
        new_token=new_token,
        base_url=base_url,
        message=feedback_message,
        abilities=abilities,
    )

    writing: Final[Mapping[str, Any]] = {"store": store, "now": now, "abilities": abilities}
    send_reply = providers.Singleton(SendReply, **writing, new_id=new_id)
    write_note = providers.Singleton(WriteNote, store=store, now=now, new_id=new_id)
    retry_message = providers.Singleton(RetryMessage, **writing, ask_feedback=ask_feedback)
    open_attendance = providers.Singleton(OpenAttendance, **writing, new_id=new_id, care=care)
    take_attendance = providers.Singleton(TakeAttendance, store=store, now=now)
    transfer_attendance = providers.Singleton(
        TransferAttendance, store=store, now=now, route_waiting=route_waiting
    )
    release_attendance = providers.Singleton(
        ReleaseAttendance, store=store, now=now, route_waiting=route_waiting
    )
    read_attendance = providers.Singleton(ReadAttendance, store=store, now=now)
    show_typing = providers.Singleton(ShowTyping, store=store, now=now)
    close_attendance = providers.Singleton(
        CloseAttendance,
        store=store,
        now=now,
        ask_feedback=ask_feedback,
        route_waiting=route_waiting,
    )
    close_silent = providers.Singleton(
        CloseSilent,
        store=store,
        now=now,
        silence=silence,
        ask_feedback=ask_feedback,
        route_waiting=route_waiting,
    )
    give_feedback = providers.Singleton(GiveFeedback, store=store, now=now)
    sign_in_out = providers.Singleton(
        SignInOut, store=store, passwords=passwords, now=now, new_token=new_token
    )
    authenticate = providers.Singleton(Authenticate, directory=directory, now=now)
    change_password = providers.Singleton(ChangePassword, store=store, passwords=passwords)
    presence = providers.Singleton(Presence, store=store, now=now, route_waiting=route_waiting)
    follow_feed = providers.Singleton(FollowFeed, feed=feed, authenticate=authenticate)
    read_board = providers.Singleton(ReadBoard, board=board, abilities=abilities)
    read_journey = providers.Singleton(ReadJourney, journeys=journey, read_board=read_board)
    read_directory = providers.Singleton(ReadDirectory, directory=directory, now=now)
    manage_sectors = providers.Singleton(
        ManageSectors, store=store, now=now, new_id=new_id, route_waiting=route_waiting
    )
    manage_attendants = providers.Singleton(
        ManageAttendants,
        store=store,
        now=now,
        new_id=new_id,
        passwords=passwords,
        route_waiting=route_waiting,
    )
    manage_clients = providers.Singleton(ManageClients, store=store, now=now, new_id=new_id)
    merge_clients = providers.Singleton(MergeClients, store=store, now=now)
    amend_message = providers.Singleton(AmendMessage, **writing)
    request_pair_code = providers.Singleton(RequestPairCode, **writing)
    manage_sessions = providers.Singleton(
        ManageSessions,
        store=store,
        leases=leases,
        now=now,
        new_id=new_id,
        is_bridge=is_a_bridge,
        bridges=bridges,
        grace=alert_grace,
    )
    log_out_session = providers.Singleton(LogOutSession, **writing)
    handle_dead_letters = providers.Singleton(HandleDeadLetters, dead_letters=dead_letters, now=now)

    forward_report = providers.Singleton(
        ForwardReport,
        broker=broker,
        new_id=new_id,
        correlation=correlation,
        way_here=way_here,
        now=now,
        process=process,
    )
    receive_message = providers.Singleton(
        ReceiveMessage, store=store, now=now, new_id=new_id, patience=filing.provided.patience
    )
    patience, wanted = filing.provided.patience, filing.provided
    track_media = providers.Singleton(TrackMedia, store=store, now=now, patience=patience)
    order_fetches = providers.Singleton(OrderFetches, store=store, now=now)
    ask_again = providers.Singleton(AskAgain, store=store, now=now, patience=patience)
    files: Final[Mapping[str, Any]] = {"store": store, "media": media, "now": now}
    convert_media = providers.Singleton(
        ConvertMedia, **files, conversion=conversion, scratch=wanted.scratch, abilities=abilities
    )
    send_media = providers.Singleton(
        SendMedia, **files, conversion=conversion, new_id=new_id, abilities=abilities
    )
    read_media = providers.Singleton(ReadMedia, **files, board=board, new_token=new_token)
    keep_files = providers.Factory(KeepFiles, **files, keep=wanted.keep, grace=wanted.grace)
    fetch_media = providers.Factory(FetchMedia, media=media, conversion=conversion)
    upload_qr = providers.Singleton(UploadQr, media=media, draw=draw)
    read_qr = providers.Singleton(ReadQr, directory=directory, media=media, now=now)
    drop_qr = providers.Singleton(DropQr, **files)
    forward_with_file = providers.Factory(
        ForwardWithFile, forward=forward_report, upload_qr=upload_qr
    )
    fetch_again = providers.Factory(FetchAgain, forward=forward_report, now=now)
    track_delivery = providers.Singleton(TrackDelivery, store=store, now=now)
    track_session = providers.Singleton(
        TrackSession, store=store, now=now, grace=alert_grace, drop_qr=drop_qr
    )
    track_typing = providers.Singleton(TrackTyping, store=store, now=now)
    track_amendment = providers.Singleton(TrackAmendment, store=store, now=now)
    receive_echo = providers.Singleton(ReceiveEcho, store=store, now=now, new_id=new_id)
    learn_alias = providers.Singleton(LearnAlias, store=store, now=now, new_id=new_id)
    consume_reports = providers.Singleton(
        ConsumeReports,
        receive_message=receive_message,
        track_delivery=track_delivery,
        track_session=track_session,
        track_typing=track_typing,
        track_amendment=track_amendment,
        receive_echo=receive_echo,
        learn_alias=learn_alias,
        track_media=track_media,
    )
    keep_journey = providers.Singleton(
        KeepJourney, journeys=journey, now=now, process=process, watch=watch, lost=lost
    )
    relay_to_feed = providers.Singleton(RelayToFeed, outbox=outbox, feed=feed, journey=keep_journey)
    relay_to_bots = providers.Singleton(
        RelayToBots, outbox=outbox, broker=broker, journey=keep_journey
    )

    found = providers.Singleton(
        Found,
        store=store,
        now=now,
        new_id=new_id,
        new_token=new_token,
        manage_attendants=manage_attendants,
        bridge=bridge_name,
        sector_name=sector_name,
    )
    keep_house = providers.Singleton(
        KeepHouse,
        store=store,
        feed=feed,
        ticks=ticks,
        now=now,
        keep_feed=keep_feed,
        journeys=journey,
        dead_letters=dead_letters,
        keep_claims=keep_claims,
        keep_journeys=keep_journeys,
    )

    tell_outages = providers.Factory(
        TellOutages,
        store=store,
        directory=directory,
        leases=leases,
        now=now,
        grace=alert_grace,
        base_url=base_url,
    )

    manage_push = providers.Singleton(ManagePush, store=store, push=push, now=now, new_id=new_id)
    follow_for_push = providers.Singleton(FollowForPush, store=store, feed=feed, now=now)
    send_pushes = providers.Singleton(SendPushes, store=store, push=push, now=now)

    deliver_reply = providers.Factory(DeliverReply, store=store, forward=forward_report, now=now)


def wired(values: Mapping[str, object]) -> UseCases:
    """Give the use cases what they need, by the names above."""
    return UseCases(**{name: providers.Object(it) for name, it in values.items()})
