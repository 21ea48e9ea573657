"""Google's cloud: dashboards that listen in Firestore, files in a bucket, pushes."""
