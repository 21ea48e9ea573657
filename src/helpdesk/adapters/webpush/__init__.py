"""Web Push: browsers, without anybody's account."""
