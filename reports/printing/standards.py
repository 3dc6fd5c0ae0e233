"""One file for both standards: PDF/A-3a for keeping, PDF/UA-1 for reading by everyone.

WeasyPrint 70 declares one of them; the other is written into the file's metadata here, with the
description of its fields that PDF/A asks for.
"""

from __future__ import annotations

from typing import Any

from reports.printing.economy import put_together
from reports.printing.tagging import mend_tags

VARIANT = "pdf/a-3a"

UNIVERSAL_ACCESS = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
END = b"</rdf:RDF>"


def finish(document: Any, pdf: Any) -> None:
    """A `finisher` of WeasyPrint's `write_pdf`: what both standards ask for."""
    mend_tags(pdf)
    (metadata,) = (part for part in pdf.objects if part.reference == pdf.catalog["Metadata"])
    (body,) = metadata.stream
    before, found, after = body.rpartition(END)
    if not found:
        raise ValueError("the metadata are not what WeasyPrint 70 writes")
    metadata.stream[:] = [before + UNIVERSAL_ACCESS + found + after]
    for part in pdf.objects:
        # A viewer may not smooth a picture by guessing (PDF/A).
        if getattr(part, "extra", {}).get("Interpolate"):
            part.extra["Interpolate"] = "false"
    if "AF" in pdf.catalog:
        # Each attachment once: WeasyPrint 70 names those of the whole document twice.
        pdf.catalog["AF"][:] = list(dict.fromkeys(pdf.catalog["AF"]))
    put_together(pdf)
