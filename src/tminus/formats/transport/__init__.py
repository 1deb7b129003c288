"""Tables of transport plans: networks, demand, lines, trips, and the plans made of them."""
