"""The console: the pages where counsellors review and the registrar's office runs its campaigns."""
