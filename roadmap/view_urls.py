"""Board, timeline and table of a roadmap: included by `urls`, inside its namespace."""

from django.urls import URLPattern, path

from roadmap.views import board, table, timeline

urlpatterns: list[URLPattern] = [
    path("board/", board.board_page, name="board"),
    path("board/move/", board.move, name="board_move"),
    path("board/limits/", board.limits, name="board_limits"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("table/", table.table, name="table"),
    path("table/change/", table.change, name="table_change"),
    path("table/export/<str:kind>/", table.export, name="table_export"),
]
