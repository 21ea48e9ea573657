"""Firestore's gRPC for Google's libraries, which may be told to refuse, or be killed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import grpc
from google.cloud.firestore_v1.types import firestore as types

from tests.support.firestore.documents import Documents, RefusedWriteError
from tests.support.server import free_port

_SERVICE = "google.firestore.v1.Firestore"


class Peer:
    """Serves `documents` at `host`; they outlive a kill."""

    def __init__(self, documents: Documents | None = None) -> None:
        self.documents = documents or Documents()
        self.host = f"127.0.0.1:{free_port()}"
        self.refusal: grpc.StatusCode | None = None  # instead of every answer
        self.forgets_answers = False  # commits, and says nothing of it
        self.asked = self.refused = self.forgot = 0
        self._server: grpc.aio.Server | None = None

    async def start(self) -> None:
        server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
        server.add_generic_rpc_handlers((self._handlers(),))
        server.add_insecure_port(self.host)
        await server.start()
        self._server = server

    async def kill(self) -> None:
        """End without a good-bye."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop(None)

    def _handlers(self) -> grpc.GenericRpcHandler:
        def unary(behaviour: Any, request: Any, response: Any) -> grpc.RpcMethodHandler:
            return grpc.unary_unary_rpc_method_handler(
                behaviour, request.pb().FromString, response.pb().SerializeToString
            )

        def stream(behaviour: Any, request: Any, response: Any) -> grpc.RpcMethodHandler:
            return grpc.unary_stream_rpc_method_handler(
                behaviour, request.pb().FromString, response.pb().SerializeToString
            )

        methods = {
            "Commit": unary(self._commit, types.CommitRequest, types.CommitResponse),
            "BatchGetDocuments": stream(
                self._get, types.BatchGetDocumentsRequest, types.BatchGetDocumentsResponse
            ),
            "RunQuery": stream(self._query, types.RunQueryRequest, types.RunQueryResponse),
        }
        return grpc.method_handlers_generic_handler(_SERVICE, methods)

    async def _admit(self, context: grpc.aio.ServicerContext) -> None:
        self.asked += 1
        if self.refusal is not None:
            self.refused += 1
            await context.abort(self.refusal, "told to refuse")

    async def _commit(self, request: Any, context: grpc.aio.ServicerContext) -> Any:
        await self._admit(context)
        try:
            at = self.documents.commit(request.writes)
        except RefusedWriteError as error:
            await context.abort(grpc.StatusCode[error.code], error.name)
            raise
        if self.forgets_answers:
            self.forgot += 1
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the answer got lost")
        response = types.CommitResponse.pb()(commit_time=at)
        for _ in request.writes:
            response.write_results.add(update_time=at)
        return response

    async def _get(self, request: Any, context: grpc.aio.ServicerContext) -> AsyncIterator[Any]:
        await self._admit(context)
        kind = types.BatchGetDocumentsResponse.pb()
        for name in request.documents:
            found = self.documents.get(name)
            at = self.documents.now()
            yield kind(found=found, read_time=at) if found else kind(missing=name, read_time=at)

    async def _query(self, request: Any, context: grpc.aio.ServicerContext) -> AsyncIterator[Any]:
        await self._admit(context)
        kind = types.RunQueryResponse.pb()
        for it in self.documents.query(request.parent, request.structured_query):
            yield kind(document=it, read_time=self.documents.now())


@asynccontextmanager
async def serving() -> AsyncIterator[Peer]:
    """Serve inside the block."""
    peer = Peer()
    await peer.start()
    try:
        yield peer
    finally:
        await peer.kill()
