"""Why a running case cannot be carried over to another version of its service, as far as its diagram says."""

from __future__ import annotations

ENDED = "The case has ended."
GONE = "“%(step)s” stands open and is not in the new version."
OTHER_KIND = "“%(step)s” stands open and is another kind of element in the new version."
ELSEWHERE = "“%(step)s” stands open and is drawn in another process or subprocess in the new version."
REPEATED = "“%(step)s” stands open and is repeated otherwise in the new version."
OTHER_HANDLER = "“%(step)s” waits for an answer and calls another handler in the new version."
FLOW_GONE = "A token waits at “%(step)s”, and in the new version no flow comes there from where it came."
OUTCOME = "“%(step)s” ended with “%(outcome)s”, which the new version does not know."
HALTS = "In the new version the case could come to a halt at “%(step)s”."
PASSES = "A token waits at “%(step)s”, which the new version would pass at once."
CANNOT_BEGIN = "What the new version adds cannot begin: %(reason)s"
