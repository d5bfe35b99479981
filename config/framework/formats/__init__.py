"""How dates and times are written in each language, where Django's own way is another.

The day stands first in all three: Django's English puts the month first, and its Arabic short
date turns round in a line of Arabic.
"""
