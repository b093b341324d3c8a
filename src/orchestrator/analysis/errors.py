"""What can go wrong in an analysis.

ServiceError
├── AnalysisRefused    a tool would not say what was asked
└── AnalysisNotFound   there is no such analysis, or it is another person's
"""

from pyairtable_platform.kernel import NotFound, ServiceError


class AnalysisRefused(ServiceError):
    """A tool refused to tell what the analysis needs."""

    status = 422
    code = "analysis_refused"
    title = "The base could not be read"


class AnalysisNotFound(NotFound):
    """There is no such analysis; the server keeps the last hundred, until it is started again."""

    code = "analysis_not_found"
    title = "No such analysis"
