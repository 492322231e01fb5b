"""Every resource of the API."""

from config.manners import BudgetSettings, HoursSettings
from web.api.alerts import Alerts
from web.api.aliases import Aliases
from web.api.asking import Asking
from web.api.audit import Audit
from web.api.chat import Chat
from web.api.classifiers import Classifying
from web.api.conversations import Conversations
from web.api.costs import Costs
from web.api.customer_notes import CustomerNotes
from web.api.customers import Customers
from web.api.datasets import Datasets
from web.api.deployments import Deployments
from web.api.documents import Documents
from web.api.evaluations import Evaluations
from web.api.events import Events
from web.api.examples import Examples
from web.api.explaining import Explanations
from web.api.fields import Fields
from web.api.filings import Filings
from web.api.golden import Golden
from web.api.house import House
from web.api.imports import Imports
from web.api.improvements import Improvements
from web.api.jobs import Jobs
from web.api.language import Language
from web.api.limits import Limits
from web.api.manner import Manner
from web.api.means import Means
from web.api.members import Members
from web.api.models import Models
from web.api.near import Near
from web.api.notes import Notes
from web.api.orders import Orders
from web.api.own import OwnData
from web.api.people import People
from web.api.privacy import Privacy
from web.api.products import Products
from web.api.questions import Questions
from web.api.ratings import Ratings
from web.api.replies import Replies
from web.api.reviewing import Reviews
from web.api.risk_models import RiskModels
from web.api.risk_orders import RiskOrders
from web.api.risk_targets import RiskTargets
from web.api.risks import Risks
from web.api.runs import Runs
from web.api.sessions import Sessions
from web.api.settings import ShopSettings
from web.api.silence import Silence
from web.api.stats import Stats
from web.api.terms import Terms
from web.api.traces import Traces
from web.api.understanding import Understanding
from web.api.views import SavedViews
from web.routing import Area


def areas(house: House, near: Near, hours: HoursSettings, means: Means | None) -> list[Area]:
    """What needs `means` is not there without them."""
    improvements = Improvements(house, means)
    always: list[Area] = [
        *_own(house),
        People(house),
        Members(house),
        Conversations(house, near.word),
        Notes(house),
        Filings(house, near.word),
        Replies(house),
        Customers(house, near.rights),
        Orders(house, near.payments),
        Silence(house, near.pause),
        *_chosen(house, near.budget, hours),
        Reviews(house, near.links),
        Golden(house),
        improvements,
        Examples(house, improvements),
        Models(house, means),
        *_understanding(house, means),
        Documents(house, means.ingest if means else None, hours),
        Products(house),
        Terms(house),
        Fields(house),
        Stats(house, hours),
        Costs(house, hours),
        Risks(house),
        RiskTargets(house),
        RiskModels(house),
        Jobs(house, means),
        Events(house, near.lines),
        Alerts(house, near.terms),
        Traces(house),
        Audit(house),
        Privacy(house, near.rights, near.var),
        OwnData(house, near.rights, near.var),
        Sessions(house, near.doorman),
        Chat(house, near.lines, near.chatting),
    ]
    if means is None:
        return always
    found = [*always, *_working(house, means)]
    return [Aliases(house, means, [route for area in found for route in area.routes()]), *found]


def _own(house: House) -> list[Area]:
    return [Ratings(house), Explanations(house), SavedViews(house), CustomerNotes(house)]


def _chosen(house: House, budget: BudgetSettings, hours: HoursSettings) -> list[Area]:
    """What an owner says goes before the configuration."""
    return [Manner(house), Limits(house, budget), ShopSettings(house, hours)]


def _understanding(house: House, means: Means | None) -> list[Area]:
    return [Language(house, means), Understanding(house), Classifying(house)]


def _working(house: House, means: Means) -> list[Area]:
    return [
        Datasets(house, means),
        Runs(house, means),
        Evaluations(house, means),
        Deployments(house, means),
        Imports(house, means),
        Asking(house, means),
        Questions(house, means),
        RiskOrders(house, means),
    ]
