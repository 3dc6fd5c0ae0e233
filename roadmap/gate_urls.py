"""One gate of a roadmap: mounted at …/roadmaps/<pk>/gates/<gate_id>/ (roadmap/urls.py)."""

from django.urls import path

from roadmap.views import gates, gates_items

urlpatterns = [
    path("", gates.gate, name="gate"),
    path("ask/", gates.ask, name="gate_ask"),
    path("withdraw/", gates.withdraw, name="gate_withdraw"),
    path("say/", gates.say, name="gate_say"),
    path("open/", gates.open_gate, name="gate_open"),
    path("refuse/", gates.refuse, name="gate_refuse"),
    path("close/", gates.close_gate, name="gate_close"),
    path("evidence/", gates_items.attach, name="gate_attach"),
    path("items/<str:item_id>/confirm/", gates_items.confirm, name="gate_item_confirm"),
    path("items/<str:item_id>/withdraw/", gates_items.withdraw, name="gate_item_withdraw"),
    path("items/<str:item_id>/evidence/", gates_items.attach, name="gate_item_attach"),
]
