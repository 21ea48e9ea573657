"""Firestore's writes by browsers, over WebChannel: the rules say who may."""

from collections.abc import Mapping
from typing import Any

from google.cloud.firestore_v1.types import firestore as types
from google.protobuf.json_format import MessageToDict, ParseDict

from tests.support.firestore.channel import DENIED, Channel, path_of

_Request, _Response = types.WriteRequest.pb(), types.WriteResponse.pb()


class Writing(Channel):
    def take(self, message: Mapping[str, Any]) -> None:
        """Shake hands, or apply writes, all or none."""
        request = ParseDict(message, _Request(), ignore_unknown_fields=True)
        if not all(self._may(it) for it in request.writes):
            self.say({"error": {"status": "PERMISSION_DENIED", "code": 7, "message": DENIED}})
            return
        answer = _Response(stream_id=self.id, stream_token=b"token")
        if request.writes:
            answer.commit_time.CopyFrom(self.documents.commit(request.writes))
            for _ in request.writes:
                answer.write_results.add(update_time=answer.commit_time)
        self.say(MessageToDict(answer))

    def _may(self, write: Any) -> bool:
        name = write.update.name or write.delete
        known = self.documents.get(name) is not None
        method = "delete" if write.delete else "update" if known else "create"
        return self.may(method, path_of(name))
