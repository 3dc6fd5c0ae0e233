from reports.models.batch import Batch, BatchItem
from reports.models.brand import Brand
from reports.models.report import Report
from reports.models.share import ShareLink
from reports.models.template import ReportTemplate

__all__ = ["Batch", "BatchItem", "Brand", "Report", "ReportTemplate", "ShareLink"]
