"""Reports in batches: what must be made, the index over all of it, and what a build tells."""

from kurskdata.errors import require

require("reports", "build", "click", "papermill", "nbformat", "ipykernel", "mistune")
