"""The meeting: pages for attendees and for the facilitator, what is entered, and the agreement."""
