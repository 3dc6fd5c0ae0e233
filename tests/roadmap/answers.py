"""Answers files in the format of docs/answers-format.md, small enough to read."""

HOSPITAL = """\
organization: Riverside Hospital
profile:
  P.01: hospital
  P.02: [hipaa_covered_entity, card_merchant]
  P.04: {it_ops: 6, developers: 3, integration: 1, security: 1, compliance: 1}
  P.05: we_onprem
  P.06: own_applications
  P.08: connects
answers:
  Q1.01: 1
  Q1.02: 3
  Q1.13: 1
  Q2.06: 1
  Q3.01: 2
  Q3.03: 1
  Q3.06: 0
  Q3.07: unknown
  Q3.13: 1
  Q4.01: 1
  Q5.12: 1
  Q6.08: 0
"""
