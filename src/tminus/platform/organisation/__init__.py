"""The organisation: units, posts, appointments; the chart, its sheet, and what each person reaches."""
