"""How a roadmap under way is likely to go on: forecasts of the rest, slip, weekly snapshots."""
