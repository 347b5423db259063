"""How much the platform costs above the least that would do: ``make bench``."""
