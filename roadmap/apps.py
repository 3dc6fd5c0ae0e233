from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoadmapConfig(AppConfig):
    name = "roadmap"
    verbose_name = _("Roadmap")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts.engagements import register_listener
        from accounts.home import register_panel
        from accounts.navigation import register_badge
        from assessments.proposals import register_proposer
        from assessments.services.evidence import keep_files_named_by
        from inbox.kinds import register_kind
        from roadmap import digest, history_words, notices
        from roadmap.finished_work import finished_work_answers
        from roadmap.following_kinds import SLIP
        from roadmap.home import roadmap_panel
        from roadmap.pages.my_work import waiting_count
        from roadmap.services.gates.telling import register_kinds
        from roadmap.services.sharing.links import shared_ends_with
        from roadmap.services.work.evidence import stored_names

        register_panel(roadmap_panel, order=20)
        register_badge("work:mine", waiting_count)
        history_words.register()
        register_proposer(finished_work_answers, order=10)
        register_kinds()
        register_kind(SLIP)
        notices.register()
        digest.register()
        keep_files_named_by(stored_names)
        register_listener(shared_ends_with)
