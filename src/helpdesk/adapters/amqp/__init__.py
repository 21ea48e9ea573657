"""RabbitMQ 3.10 to 4.x, for processes that share the work."""
