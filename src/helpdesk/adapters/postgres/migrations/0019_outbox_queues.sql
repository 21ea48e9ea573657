-- What goes to the broker says to which queue, and what it is in order with: of each queue the relay
-- reads the beginning, however much waits in it.
CREATE INDEX outbox_queue ON outbox (queue, position) WHERE destination = 'broker';
