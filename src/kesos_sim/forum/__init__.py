"""The Voilà app of a consultation meeting: attendee page, facilitator page, session store."""
