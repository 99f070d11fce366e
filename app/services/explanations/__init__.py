"""Why a choice was made and how a deadline was computed, in sentences that a supervisor understands: English and Indonesian."""

from app.services.explanations.candidates import explain_candidate
from app.services.explanations.considered import explain_considered, explain_standing
from app.services.explanations.decisions import explain_decision
from app.services.explanations.outlook import explain_outlook
from app.services.explanations.promises import explain_promise
from app.services.explanations.trials import explain_trial

__all__ = [
    "explain_candidate",
    "explain_considered",
    "explain_decision",
    "explain_outlook",
    "explain_promise",
    "explain_standing",
    "explain_trial",
]
