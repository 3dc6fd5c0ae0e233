"""Plans on trial: making, changing, searching and comparing them."""
