"""How `Auto` and `estimate` arrive at their answer."""
