"""A WhatsApp helpdesk: a pure domain, ports around it, adapters chosen by configuration."""
