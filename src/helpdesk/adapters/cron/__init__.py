"""When scheduled jobs run; the only place that knows aiocron."""
