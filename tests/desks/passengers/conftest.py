from tests.desks.planning.small_plan import planned as planned
