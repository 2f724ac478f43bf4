"""Papers that are due after an electronic document, and alarms that were raised."""
