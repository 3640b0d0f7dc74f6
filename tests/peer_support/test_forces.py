"""The forces file: one list of tenants, every fault named with its entry, and no real force impersonated."""

from __future__ import annotations

from pathlib import Path

import pytest

from peer_support.forces import Force, Forces, ForcesUnreadable, LocalContact
from peer_support.policy import Policy
from peer_support.taxonomy import FORCES, NATIONS

TENANT = "11111111-2222-4333-8444-555555555555"
OTHER = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
DEMO = Path(__file__).parents[2] / "bot" / "demo"


@pytest.fixture
def load(tmp_path: Path):
    def _load(text: str, base: Policy | None = None) -> Forces:
        path = tmp_path / "forces.toml"
        path.write_text(text, encoding="utf-8")
        return Forces.load(path, base)

    return _load


def entry(more: str = "", force: str = "west-mercia") -> str:
    return f'[[force]]\nid = "{force}"\ntenants = ["{TENANT}"]\n{more}\n'


def test_name_nations_and_region_come_from_the_packaged_facts(load) -> None:
    force = load(entry()).by_id["west-mercia"]
    assert (force.name, force.nations, force.region) == ("West Mercia Police", {"E"}, "west_midlands")
    assert force.policy == Policy()
    assert force.hours.text().startswith("Mon-Sun 08:00-22:00")
    assert not force.features


def test_a_force_sets_its_own(load) -> None:
    force = load(
        entry(
            """waking = "Mon-Sun 07:00-23:00"
policy = { offer_open_hours = 2, office = "Mon-Fri 09:00-17:00", digest_at = "09:15" }
features = ["break_glass"]
wellbeing = { label = "Wellbeing", call = "01234" }
covert_route = { label = "Occupational health", note = "Ask for Pat" }
[[force.local_lines]]
label = "Chaplaincy"
email = "chaplain@west.example"
"""
        )
    ).by_id["west-mercia"]
    assert force.hours.text().startswith("Mon-Sun 07:00-23:00")
    assert (force.policy.offer_open_hours, force.policy.digest_at) == (2, "09:15")
    assert force.policy.office.text().endswith("Fri 09:00-17:00")
    assert force.policy.offer_open_hours_today == Policy().offer_open_hours_today
    assert force.features == {"break_glass"}
    assert force.wellbeing == LocalContact("Wellbeing", call="01234")
    assert force.covert_route == LocalContact("Occupational health", note="Ask for Pat")
    assert force.local_lines == (LocalContact("Chaplaincy", email="chaplain@west.example"),)


def test_the_deployments_numbers_stand_unless_the_force_sets_them(load) -> None:
    forces = load(entry("policy = { names_shown = 2 }"), Policy(names_shown=5, small_force=4))
    policy = forces.by_id["west-mercia"].policy
    assert (policy.names_shown, policy.small_force) == (2, 4)


def test_one_tenant_may_hold_several_forces_and_one_force_several_tenants(load) -> None:
    forces = load(
        entry()
        + f'[[force]]\nid = "gwent"\ntenants = ["{TENANT.upper()}", "{OTHER}"]\n'
        + f'[[force]]\nid = "northern-ireland"\ntenants = ["{OTHER}"]\n'
    )
    assert [force.id for force in forces.of_tenant(TENANT)] == ["west-mercia", "gwent"]
    assert [force.id for force in forces.of_tenant(OTHER)] == ["gwent", "northern-ireland"]
    assert forces.nations_of(TENANT) == {"E", "W"}
    assert forces.nations_of(OTHER) == {"W", "NI"}


def test_nobodys_tenant_is_not_allowed_and_may_be_in_any_nation(load) -> None:
    forces = load(entry())
    assert forces.allows(TENANT)
    assert not forces.allows(OTHER)
    assert forces.of_tenant(OTHER) == ()
    assert forces.nations_of(OTHER) == NATIONS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no [[force]]"),
        ("force = 3", "there is no [[force]]"),
        ("force = [1]", "force 1: write it as [[force]]"),
        ('title = "x"\n' + entry(), "“title” is not known here"),
        (f'[[force]]\ntenants = ["{TENANT}"]', "force 1: id is missing"),
        ('[[force]]\nid = "kent"', "force “kent”: tenants must name at least one"),
        ('[[force]]\nid = "kent"\ntenants = ["kent.example"]', "“kent.example”, which is not a tenant id"),
        ('[[force]]\nid = "kent"\ntenants = "x"', "tenants must be a list"),
        (entry(force="west-mercai"), "did you mean “west-mercia”?"),
        (entry() + entry(), "force “west-mercia”: stands here twice"),
        (entry('name = "Mine"'), "name comes from packaged facts"),
        (entry('colour = "blue"'), "colour is not known"),
        (entry("fictional = true"), "can't stand with the id of a real force, West Mercia Police"),
        (entry('fictional = "yes"'), "fictional must be true or false"),
        (entry("fictional = true", force="made-up"), "nations must be some of E, W, S, NI"),
        (entry('waking = "always"'), "waking can't be read"),
        (entry("waking = 8"), "waking can't be read"),
        (entry("policy = 3"), "policy must be like"),
        (entry("policy = { nothing = 3 }"), "policy.nothing is not a policy number"),
        (entry("policy = { max_active = 0 }"), "policy.max_active must be a whole number from 1 up"),
        (entry("policy = { max_active = true }"), "policy.max_active must be a whole number from 1 up"),
        (entry('policy = { waking = "Mon 08:00-09:00" }'), "policy.waking set waking beside id"),
        (entry('policy = { digest_at = "25:00" }'), "policy.digest_at must be a time"),
        (entry('features = ["fly"]'), "features has “fly”"),
        (entry('wellbeing = "Pat"'), "wellbeing must be like"),
        (entry('wellbeing = { label = "Pat" }'), "wellbeing says no way to reach it"),
        (entry('wellbeing = { call = "1" }'), "wellbeing.label is missing"),
        (entry('wellbeing = { label = "Pat", fax = "1" }'), "wellbeing has “fax”"),
        (entry('local_lines = "x"'), "local_lines must be"),
        (entry('local_lines = [{ label = "x" }]'), "local_lines 1 says no way to reach it"),
        ("[[force", "can't be read"),
    ],
)
def test_each_fault_is_named(load, text: str, said: str) -> None:
    with pytest.raises(ForcesUnreadable) as caught:
        load(text)
    assert any(said in fault for fault in caught.value.faults), caught.value.faults


def test_all_faults_are_said_at_once(load) -> None:
    with pytest.raises(ForcesUnreadable) as caught:
        load(
            entry("policy = { max_active = 0 }\nfeatures = ['fly']")
            + '[[force]]\nid = "nowhere"\ntenants = []'
        )
    assert len(caught.value.faults) == 4


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ForcesUnreadable, match="can't be read"):
        Forces.load(tmp_path / "none.toml")


def test_the_demo_has_no_real_force_and_reaches_every_nation() -> None:
    forces = Forces.load(DEMO / "forces.toml")
    assert all(force.fictional and force.id not in FORCES for force in forces.all)
    assert {nation for force in forces.all for nation in force.nations} == NATIONS
    assert any(len(forces.of_tenant(tenant)) > 1 for force in forces.all for tenant in force.tenants)
    assert all(isinstance(force, Force) and force.wellbeing and force.covert_route for force in forces.all)


ON = 'features = ["break_glass"]\n'
WESTVALE = f"""[[force]]
id = "westvale"
fictional = true
name = "Westvale"
nations = ["E"]
region = "south_west"
tenants = ["{OTHER}"]
"""


def approver(tenant: str, person: str = "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee") -> str:
    return f'approvers = [{{ tenant = "{tenant.upper()}", directory_id = "{person.upper()}" }}]'


def test_an_approver_is_somebody_of_another_forces_tenant(load) -> None:
    force = load(entry(ON + approver(OTHER)) + WESTVALE).by_id["west-mercia"]
    assert force.approvers == {(OTHER, "99999999-bbbb-4ccc-8ddd-eeeeeeeeeeee")}
    assert load(entry()).by_id["west-mercia"].approvers == frozenset()


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (ON + approver(TENANT), "must be out of force"),
        (ON + approver("88888888-bbbb-4ccc-8ddd-eeeeeeeeeeee"), "no other force's tenant here"),
        (ON + 'approvers = ["Pat"]', "must be like"),
        (ON + approver(OTHER, "pat@police.example"), "both GUIDs"),
        (ON + f'approvers = [{{ tenant = "{OTHER}" }}]', "both GUIDs"),
        (approver(OTHER), "does nothing without features"),
    ],
)
def test_an_approver_who_cant_be_one_is_a_fault(load, more: str, fault: str) -> None:
    with pytest.raises(ForcesUnreadable, match=fault):
        load(entry(more) + WESTVALE)
