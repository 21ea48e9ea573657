"""Google's cloud: files in a bucket of Firebase Storage, which is Google Cloud Storage."""
