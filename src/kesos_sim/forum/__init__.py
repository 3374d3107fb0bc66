"""The consultation forum: what attendees see and send, the facilitator's page, the agreement."""
