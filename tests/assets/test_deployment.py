"""What `deploy/` says is what the code, Dagster and Dask understand; nothing secret is in it, and nothing listens beyond the machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from dagster._cli import create_dagster_cli
from dagster._config import process_config
from dagster._core.instance.config import dagster_instance_config
from dagster._daemon.cli import create_dagster_daemon_cli
from dagster_webserver.cli import dagster_webserver
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sqlalchemy import make_url

from assets import environment, web_server

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "docker-compose.yaml").read_text(encoding="utf-8"))
SERVICES: Mapping[str, Any] = COMPOSE["services"]
MANIFESTS = [
    document
    for file in yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    for document in yaml.safe_load_all((DEPLOY / "kubernetes" / file).read_text(encoding="utf-8"))
]
SETTINGS = next(document["data"] for document in MANIFESTS if document["kind"] == "ConfigMap")
DEPLOYMENTS = {document["metadata"]["name"]: document for document in MANIFESTS if document["kind"] == "Deployment"}
INSTANCES = {"compose": DEPLOY / "dagster.yaml", "kubernetes": DEPLOY / "kubernetes" / "dagster.yaml"}
CHART = yaml.safe_load((DEPLOY / "helm/values.yaml").read_text(encoding="utf-8"))
(CODE_LOCATION,) = CHART["dagster-user-deployments"]["deployments"]
VARIABLES = {value for name, value in vars(environment).items() if name.endswith("_VARIABLE")}
SECRET = re.compile(r"PASSWORD|SECRET|ACCESS_KEY|TOKEN")
OWN = "yusuan"


def instance(name: str) -> dict[str, Any]:
    """Return an instance's settings as Dagster's own loader has them, which proves them against its schema."""
    settings, _ = dagster_instance_config(str(INSTANCES[name].parent))
    return dict(settings)


def container(name: str) -> dict[str, Any]:
    (only,) = DEPLOYMENTS[name]["spec"]["template"]["spec"]["containers"]
    return dict(only)


def commands() -> Iterator[tuple[str, list[str]]]:
    for name, service in SERVICES.items():
        if "yusuan" in service["image"]:
            yield f"compose:{name}", service["command"]
            if test := service.get("healthcheck", {}).get("test"):
                yield f"compose:{name}:health", test[1:]
    for name in DEPLOYMENTS:
        yield f"kubernetes:{name}", container(name)["command"]
        if probe := container(name).get("readinessProbe"):
            yield f"kubernetes:{name}:health", probe["exec"]["command"]


def program(words: Sequence[str]) -> tuple[click.Command, list[str]]:
    """Return what a command line starts, and its arguments."""
    match list(words):
        case ["dagster", *arguments]:
            return create_dagster_cli(), arguments
        case ["dagster-daemon", *arguments]:
            return create_dagster_daemon_cli(), arguments
        case ["python", "-m", module, *arguments]:
            assert module == web_server.__name__
            return dagster_webserver, arguments
        case ["dask", "scheduler", *arguments]:
            return pytest.importorskip("distributed.cli.dask_scheduler", reason="needs the extra dask").main, arguments
        case ["dask", "worker", *arguments]:
            return pytest.importorskip("distributed.cli.dask_worker", reason="needs the extra dask").main, arguments
    raise AssertionError(f"nothing is known of {words}")


@pytest.mark.parametrize(("name", "words"), list(commands()), ids=lambda value: value if isinstance(value, str) else "")
def test_command_lines_are_understood(name: str, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DEPLOY)  # what lies in the image's working folder lies here
    if words[:2] == ["python", "-c"]:
        compile(words[2], name, "exec")
        return
    command, arguments = program([re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in words])
    while isinstance(command, click.Group):
        command = command.commands[arguments[0]]
        arguments = arguments[1:]
    assert arguments or name.endswith("daemon")
    command.make_context(name, arguments)


@pytest.mark.parametrize("name", INSTANCES)
def test_dagsters_loader_accepts_the_instances(name: str) -> None:
    settings = instance(name)
    assert settings["run_monitoring"]["enabled"]
    assert settings["storage"]["postgres"]["postgres_db"]["password"] == {"env": "DAGSTER_POSTGRES_PASSWORD"}
    ours = yaml.safe_load((ROOT / "dagster.yaml").read_text(encoding="utf-8"))
    for same in ("telemetry", "nux", "run_coordinator", "run_retries", "freshness", "retention", "python_logs"):
        assert settings[same] == ours[same], same
    assert settings["concurrency"]["runs"]["tag_concurrency_limits"] == ours["concurrency"]["runs"]["tag_concurrency_limits"]


def test_dagsters_loader_accepts_what_the_chart_adds_to_the_instance(tmp_path: Path) -> None:
    added = CHART["additionalInstanceConfig"]
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(added), encoding="utf-8")
    dagster_instance_config(str(tmp_path))
    ours = instance("kubernetes")
    assert added == {name: ours[name] for name in added}
    assert {"concurrency", "run_retries", "run_monitoring", "retention", "freshness", "python_logs"} == set(added)
    written_by_the_chart = (CHART["dagsterDaemon"]["runMonitoring"], CHART["dagsterDaemon"]["runRetries"], CHART["retention"])
    assert not any(part["enabled"] for part in written_by_the_chart), "two settings of one name"


def test_the_chart_is_told_what_kubernetes_is_told() -> None:
    code = container("code")
    words = [*code["command"][:3], "-h", "0.0.0.0", "-p", str(CODE_LOCATION["port"]), *CODE_LOCATION["dagsterApiGrpcArgs"]]
    command, arguments = program(words)
    assert isinstance(command, click.Group)
    api = command.commands[arguments[0]]
    assert isinstance(api, click.Group)
    accepted = api.commands[arguments[1]].make_context("code", arguments[2:]).params
    assert accepted == api.commands["grpc"].make_context("code", code["command"][3:]).params
    launcher = instance("kubernetes")["run_launcher"]["config"]
    assert [{"configMapRef": told} for told in CODE_LOCATION["envConfigMaps"]] + [
        {"secretRef": told} for told in CODE_LOCATION["envSecrets"]
    ] == code["envFrom"]
    assert CODE_LOCATION["volumes"] == launcher["volumes"]
    assert CODE_LOCATION["volumeMounts"] == launcher["volume_mounts"]
    assert CODE_LOCATION["resources"] == launcher["resources"]
    assert CODE_LOCATION["securityContext"] == launcher["security_context"] == code["securityContext"]
    assert CODE_LOCATION["podSecurityContext"] == DEPLOYMENTS["code"]["spec"]["template"]["spec"]["securityContext"]


def test_the_launcher_accepts_what_the_chart_tells_runs() -> None:
    """The chart hands the code server this context (`--container-context`), and runs take it over."""
    contexts = pytest.importorskip("dagster_k8s.container_context", reason="in the image alone: deploy/requirements.lock")
    context = contexts.K8sContainerContext.create_from_config(
        {
            "k8s": {
                "image_pull_policy": CODE_LOCATION["image"]["pullPolicy"],
                "env_config_maps": [told["name"] for told in CODE_LOCATION["envConfigMaps"]],
                "env_secrets": [told["name"] for told in CODE_LOCATION["envSecrets"]],
                "volumes": CODE_LOCATION["volumes"],
                "volume_mounts": CODE_LOCATION["volumeMounts"],
                "resources": CODE_LOCATION["resources"],
            }
        }
    )
    told = context.run_k8s_config.container_config
    assert {source["config_map_ref"]["name"] for source in told["env_from"] if "config_map_ref" in source} == {OWN}
    assert {mount["mount_path"] for mount in told["volume_mounts"]} == {"/srv/yusuan", "/srv/documents"}
    assert CODE_LOCATION["includeConfigInLaunchedRuns"]["enabled"]


def test_a_wrong_setting_is_noticed(tmp_path: Path) -> None:
    text = INSTANCES["compose"].read_text(encoding="utf-8").replace("max_retries", "most_retries")
    (tmp_path / "dagster.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Exception, match="most_retries"):
        dagster_instance_config(str(tmp_path))


@pytest.mark.parametrize("name", INSTANCES)
def test_the_launcher_accepts_its_settings(name: str) -> None:
    launcher = instance(name)["run_launcher"]
    module = pytest.importorskip(launcher["module"], reason="in the image alone: deploy/requirements.lock")
    accepted = process_config(getattr(module, launcher["class"]).config_type(), launcher["config"])
    assert accepted.success, accepted.errors


def test_postgres_accepts_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    module = pytest.importorskip("dagster_postgres", reason="in the image alone: deploy/requirements.lock")
    for part in ("HOST", "USER", "PASSWORD", "DB"):
        monkeypatch.setenv(f"DAGSTER_POSTGRES_{part}", part)
    for name in INSTANCES:
        accepted = process_config(module.DagsterPostgresStorage.config_type(), instance(name)["storage"]["postgres"])
        assert accepted.success, accepted.errors
        address = module.utils.pg_url_from_config(accepted.value)
        assert make_url(address).get_dialect().driver == "psycopg2", "the only driver in the image"


def test_variables_are_those_that_the_code_reads() -> None:
    for told in (SERVICES["code"]["environment"], SETTINGS):
        ours = {name for name in told if name.startswith("YUSUAN_")}
        assert ours
        assert ours <= VARIABLES
    assert set(SERVICES["code"]["environment"]) == set(SERVICES["daemon"]["environment"]) == set(SERVICES["webserver"]["environment"])
    assert set(SETTINGS) <= set(SERVICES["code"]["environment"])


def test_runs_are_told_what_the_code_server_is_told() -> None:
    """The launcher takes each variable from the process that launches, which fails where one is not set."""
    passed_on = set(instance("compose")["run_launcher"]["config"]["env_vars"])
    assert passed_on == set(SERVICES["daemon"]["environment"]) - {"DAGSTER_CURRENT_IMAGE"}
    launcher = instance("kubernetes")["run_launcher"]["config"]
    assert [*launcher["env_config_maps"], *launcher["env_secrets"]] == [OWN, OWN]
    secret = {name for name in passed_on if SECRET.search(name)}
    assert passed_on - secret == set(SETTINGS)


def test_runs_see_the_files_that_the_code_server_sees() -> None:
    names = {volume: declared["name"] for volume, declared in COMPOSE["volumes"].items() if declared}
    seen = {f"{names[volume]}:{place}" for volume, place in (text.split(":", 1) for text in SERVICES["code"]["volumes"])}
    launcher = instance("compose")["run_launcher"]["config"]
    assert set(launcher["container_kwargs"]["volumes"]) == seen
    assert launcher["networks"] == [COMPOSE["networks"]["yusuan"]["name"]]
    launcher = instance("kubernetes")["run_launcher"]["config"]
    own = {mount["mountPath"] for mount in container("code")["volumeMounts"]} - {"/opt/yusuan/dagster/dagster.yaml"}
    assert {mount["mountPath"] for mount in launcher["volume_mounts"]} == own
    claims = {document["metadata"]["name"] for document in MANIFESTS if document["kind"] == "PersistentVolumeClaim"}
    assert {volume["persistentVolumeClaim"]["claimName"] for volume in launcher["volumes"]} == claims


def test_what_is_kept_lies_where_a_volume_is() -> None:
    for settings in (SERVICES["code"]["environment"], SETTINGS):
        assert settings["YUSUAN_SOURCES"] == "/srv/documents"
        assert settings["YUSUAN_DATASET"].startswith("/srv/yusuan/")
        assert settings["YUSUAN_STORAGE"].startswith("/srv/yusuan/")
    for name in INSTANCES:
        assert instance(name)["compute_logs"]["config"]["base_dir"].startswith("/srv/yusuan/")


def test_nothing_listens_beyond_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"webserver": ["127.0.0.1:3000:3000"]}
    assert {document["metadata"]["name"] for document in MANIFESTS if document["kind"] == "Service"} == {"code", "scheduler"}
    assert not [document for document in MANIFESTS if document["kind"] == "Ingress" or document.get("spec", {}).get("type")]
    words = container("webserver")["command"]
    assert words[words.index("--host") + 1] == "127.0.0.1"


def test_the_web_server_is_the_one_that_checks_who_asks() -> None:
    for words in (SERVICES["webserver"]["command"], container("webserver")["command"]):
        assert words[:3] == ["python", "-m", "assets.web_server"]
    assert not [name for name, words in commands() if "dagster-webserver" in words]


def test_no_secret_is_in_a_file() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name
    assert not [document for document in MANIFESTS if document["kind"] == "Secret"]
    assert not [name for name in SETTINGS if SECRET.search(name)]
    for line in (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines():
        assert not line or line.startswith("#") or line.endswith("="), line
    assert "deploy/.env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_the_example_names_what_is_asked_for() -> None:
    named = set(re.findall(r"^(\w+)=", (DEPLOY / "environment.example").read_text(encoding="utf-8"), re.MULTILINE))
    text = (DEPLOY / "docker-compose.yaml").read_text(encoding="utf-8")
    assert named == set(re.findall(r"(?<!\$)\$\{(\w+)", text)) - {"YUSUAN_STORAGE_IMAGE"}


def test_servers_are_found_under_their_names() -> None:
    (location,) = yaml.safe_load((DEPLOY / "workspace.yaml").read_text(encoding="utf-8"))["load_from"]
    server = location["grpc_server"]
    services = {
        document["metadata"]["name"]: document["spec"]["ports"][0]["port"] for document in MANIFESTS if document["kind"] == "Service"
    }
    for words in (SERVICES[server["host"]]["command"], container(server["host"])["command"]):
        assert words[words.index("--port") + 1] == str(server["port"])
    assert services[server["host"]] == server["port"]
    for told in (SERVICES["code"]["environment"], SETTINGS):
        assert told["YUSUAN_SCHEDULER"] == f"tcp://scheduler:{services['scheduler']}"
    for words in (SERVICES["workers"]["command"], container("workers")["command"]):
        assert SETTINGS["YUSUAN_SCHEDULER"] in words
        assert words[words.index("--nthreads") + 1] == "1"


def test_everything_of_kubernetes_that_is_named_is_there() -> None:
    named = {(document["kind"], document["metadata"]["name"]) for document in MANIFESTS}
    launcher = instance("kubernetes")["run_launcher"]["config"]
    assert ("ServiceAccount", launcher["service_account_name"]) in named
    kustomization = yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text(encoding="utf-8"))
    assert kustomization["namespace"] == launcher["job_namespace"]
    assert [made["name"] for made in kustomization["configMapGenerator"]] == [launcher["instance_config_map"]]
    for name in DEPLOYMENTS:
        spec = DEPLOYMENTS[name]["spec"]["template"]["spec"]
        assert spec["securityContext"]["runAsNonRoot"]
        mounts = {mount["name"] for mount in container(name).get("volumeMounts", [])}
        assert mounts == {volume["name"] for volume in spec.get("volumes", [])}
        assert DEPLOYMENTS[name]["spec"]["selector"]["matchLabels"] == DEPLOYMENTS[name]["spec"]["template"]["metadata"]["labels"]


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed")
def test_kustomize_accepts_the_manifests() -> None:
    done = subprocess.run(["kubectl", "kustomize", str(DEPLOY / "kubernetes")], capture_output=True, text=True, check=True)
    made = list(yaml.safe_load_all(done.stdout))
    assert len(made) == len(MANIFESTS) + 1
    assert {document["metadata"]["namespace"] for document in made} == {OWN}


def locked(path: Path) -> dict[str, str]:
    text = path.read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==(\S+).*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[^\s#]", text, re.MULTILINE)), "a package without a hash"
    return {canonicalize_name(name): version for name, version in pins}


def test_the_image_has_the_versions_that_are_tested() -> None:
    tested, image = locked(ROOT / "requirements.lock"), locked(DEPLOY / "requirements.lock")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [text for extra in ("dask", "ocr", "s3") for text in project["optional-dependencies"][extra]]
    needed = {canonicalize_name(Requirement(text).name) for text in (*project["dependencies"], *extras)}
    assert needed <= set(image)
    assert {name: version for name, version in image.items() if tested.get(name, version) != version} == {}
    assert not {"pytest", "mypy", "ruff", "playwright"} & set(image)


def test_the_image_is_made_of_what_is_there() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes" in text
    let_in = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")}
    copied = [name for line in re.findall(r"^COPY (?!--from)(.+)", text, re.MULTILINE) for name in line.split()[:-1]]
    assert copied
    for name in copied:
        assert (ROOT / name).exists(), name
        assert name.split("/")[0] in let_in, name
    assert re.findall(r"^USER (\w+)", text, re.MULTILINE) == [OWN]
