-- The simulator can be told that WhatsApp has banned the number.
ALTER TABLE simulator_network ADD COLUMN banned boolean NOT NULL DEFAULT false;
