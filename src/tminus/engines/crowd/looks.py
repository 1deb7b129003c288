"""What is seen of links at every look: persons, levels of service, and the greatest mean of a minute."""

from __future__ import annotations

from tminus.engines.crowd.agents.compiling import inner

# mypy: disable-error-code="no-untyped-def"


@inner
def look_at_links(net, s, ways, look, every_s, least, now):
    """The look of number ``look``, ``every_s`` after the last; fewer than ``least`` persons on a link are nobody.

    ``ways``: [way] records with ``on``. Kept in ``s``: ``recent`` [link, looks + 1] the persons of a minute's looks
    and last their sum, ``levels``, ``seen_on``, ``seen_peak`` with ``seen_peak_at``.
    """
    looks = s.recent.shape[1] - 1
    slot = look % looks
    for e in range(len(s.seen_on)):
        on = 0
        for k in range(2):
            way = net.element_way[e, k]
            if way >= 0:
                on += ways[way].on
        s.recent[e, looks] += on - s.recent[e, slot]
        s.recent[e, slot] = on
        if on > least:
            density = on * net.per_m2[e]
            level = 0
            while level < 5 and density >= net.thresholds[e, level]:
                level += 1
            s.levels[e, level] += on * every_s
            s.seen_on[e] += on
        people = s.recent[e, looks]
        if people > s.seen_peak[e]:
            s.seen_peak[e] = people
            s.seen_peak_at[e] = max(now - looks * every_s, 0.0)
