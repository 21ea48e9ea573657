"""A stand-in for Firestore, in memory: documents, queries, listeners, gRPC, and who may read.

`Documents` is the database; `Peer` serves it to Google's libraries; `Rules` say what a browser may
read, as config/firestore.rules does.  Whatever serves browsers is put upon `Documents.listen`.
"""
