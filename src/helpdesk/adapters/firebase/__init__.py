"""Google's cloud: files in a bucket of Firebase Storage, and pushes by Cloud Messaging."""
