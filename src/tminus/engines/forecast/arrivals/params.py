"""What the expansion of a day assumes until gates have been counted."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class ArrivalParams:
    """Every default is an assumption of ours unless a source is named: no public hourly gate counts were found.

    Widths are chosen so that a day nobody has counted yet looks uncertain; gate history replaces the shapes
    (:mod:`~tminus.engines.forecast.arrivals.learning`).
    """

    slot_minutes: int = 15
    # Arrivals of who has no booked time: two waves, minutes after opening.
    first_wave_min: tuple[float, float, float, float] = (-60.0, 70.0, 60.0, 0.7)
    """First, mean, spread, share."""
    second_wave_min: tuple[float, float, float, float] = (120.0, 250.0, 80.0, 0.3)
    booked_early_min: float = 15.0
    """Timed tickets: how long before their time people come on average."""
    booked_sd_min: float = 20.0
    # Staying.
    stay_min: float = 330.0
    stay_sd_min: float = 120.0
    stay_bend: float = 0.5
    """Mean stay of who enters at t is ``stay · (left(t) / left(opening)) ** bend``, ``left`` the time to closing."""
    clearing_min: float = 45.0
    """From closing until the last have left; they leave at a falling rate."""
    in_halls: float = 0.85
    """Of those on site; the others walk, eat, rest."""
    # Choices, logit in minutes (Ortúzar & Willumsen, Modelling Transport, ch. 7, for the form).
    gate_theta_per_min: float = 0.25
    terminal_theta_per_min: float = 0.15
    origin_decay_per_min: float = 0.02
    """Trip distribution: W_i exp(−b c_i), c in minutes."""
    smallest_share: float = 0.002
    """Ways (terminal and gate) of a smaller share of an audience are left out."""
    # What differs from day to day.
    total_cv: float = 0.15
    """Of a day's total where attendance comes as a mean alone."""
    audience_concentration: float = 150.0
    """Dirichlet: 0.5 has a standard deviation of 0.04."""
    way_concentration: float = 120.0
    slot_concentration: float = 250.0
    shift_sd_min: float = 10.0
    """All arrivals of a day earlier or later."""
    tilt_sd: float = 0.06
    """More people late than early or the other way round, in logarithms at one spread from the middle of the day."""
    spread_sd: float = 0.03
    """More people far from the middle of the day, or fewer."""
    stay_cv: float = 0.08
    # What is not known of all days alike before any was counted; it falls as prior / (prior + counted days).
    unknown_shift_sd_min: float = 18.0
    unknown_tilt_sd: float = 0.22
    unknown_spread_sd: float = 0.12
    unknown_stay_cv: float = 0.15
    unknown_way_concentration: float = 150.0
    # Learning from counted days.
    prior_days: float = 2.0
    """The prior counts as so many days."""
    halving_days: float = 7.0
    """A day this long ago counts half."""

    def after(self, counted_days: float) -> ArrivalParams:
        """With the spreads of a day of which so many days before were counted: its own, and what is still unknown."""
        left = self.prior_days / (self.prior_days + counted_days)
        return replace(
            self,
            shift_sd_min=(self.shift_sd_min**2 + left * self.unknown_shift_sd_min**2) ** 0.5,
            tilt_sd=(self.tilt_sd**2 + left * self.unknown_tilt_sd**2) ** 0.5,
            spread_sd=(self.spread_sd**2 + left * self.unknown_spread_sd**2) ** 0.5,
            stay_cv=(self.stay_cv**2 + left * self.unknown_stay_cv**2) ** 0.5,
            way_concentration=1 / (1 / self.way_concentration + left / self.unknown_way_concentration),
        )
