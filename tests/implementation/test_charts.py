"""Where the bars stand."""

from datetime import date, timedelta

from deliberation.implementation.charts import HEIGHT, TOP, bars


def figures(*values: int) -> list[tuple[date, int]]:
    return [(date(2026, 4, 13) + timedelta(days=at), value) for at, value in enumerate(values)]


def test_bars_stand_on_one_line_and_fill_the_width_when_there_are_many():
    drawn = bars(figures(30, 20, 10, 0), 32)
    assert [bar.y + bar.height for bar in drawn] == [TOP + HEIGHT] * 4
    wide = bars(figures(*range(20, 0, -1)), 32)
    assert wide[0].x >= 0 and 95 < wide[-1].x + wide[-1].width <= 100
    assert drawn[-1].x + drawn[-1].width <= 50
    assert [bar.label for bar in drawn] == ["30", "20", "10", "0"]


def test_a_figure_above_the_total_still_fits():
    assert bars(figures(8, 12), 9)[1].height == HEIGHT


def test_one_report_is_no_chart_and_zeros_divide_nothing():
    assert bars(figures(5), 9) == []
    assert [bar.height for bar in bars(figures(0, 0), None)] == [0, 0]


def test_many_bars_carry_only_the_first_and_the_last_number():
    assert [bar.label for bar in bars(figures(*range(40, 0, -1)), 40) if bar.label] == ["40", "1"]
