"""PostgreSQL: store, board, outbox, feed and ticks; embedded unless a DSN is configured."""
