"""The WSGI application for a production server: `waitress-serve app.wsgi:application` (and `rasim scheduler` beside it)."""

from __future__ import annotations

from app.bootstrap import open_office, settle
from app.bootstrap.settings import read_settings
from app.web import NCALAYER, create_app

_office = open_office(read_settings())
settle(_office)
application = create_app(_office, signer_url=NCALAYER)
