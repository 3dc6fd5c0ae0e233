"""The operations, a file for each subject. They call the services that the pages call."""
