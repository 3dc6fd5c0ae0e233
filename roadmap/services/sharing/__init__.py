"""What leaves the organization: status links, status mails and calendar feeds."""
