"""Takes in pictures that people upload, and makes them fit for mail.

Hides Pillow and its limits. Promises a JPEG or PNG that is upright, free of metadata and not wider or higher than
asked, or one clear sentence (`Invalid`) that says what the file is instead; and cuts out of it what a mail shows.
"""

from newsletter.images.cutting import HEAVIEST, Part, cut
from newsletter.images.pictures import LARGEST_FILE, Picture, accept, check_weight

__all__ = ["HEAVIEST", "LARGEST_FILE", "Part", "Picture", "accept", "check_weight", "cut"]
