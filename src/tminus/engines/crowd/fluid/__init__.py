"""The day as a fluid: people move in packets of any amount by destination, everything else as agents see it.

For loops that look for a plan: fewer things to move, no random numbers. Single people are told apart only where a leg
ends, in the order in which they would arrive with nobody about; so arrivals, stays and later legs are still people's.
"""
