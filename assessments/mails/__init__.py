"""The e-mails of this app: what each says and to whom."""
