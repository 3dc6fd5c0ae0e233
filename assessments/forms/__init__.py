"""What people type, question by question and form by form."""
