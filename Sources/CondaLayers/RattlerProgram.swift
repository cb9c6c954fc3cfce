/// Solves with `py-rattler`: the request comes as JSON, the answer goes as a list of a channel's records.
enum RattlerProgram {
    static let text = """
        import asyncio, json, os, sys
        from rattler import Channel, GenericVirtualPackage, MatchSpec, PackageName, Version, Gateway, solve
        from rattler.exceptions import SolverError
        from rattler.repo_data import SourceConfig
        try:
            from rattler import BuildString
        except ImportError:
            BuildString = str  # before 0.28

        def virtual(text):
            name, version, build = (text.split("=") + ["0", "0"])[:3]
            return GenericVirtualPackage(PackageName(name), Version(version or "0"), BuildString(build))

        def record(package):
            kind = package.noarch
            return {
                "name": package.name.normalized, "version": str(package.version), "build": str(package.build),
                "build_number": package.build_number, "subdir": package.subdir, "channel": package.channel,
                "url": package.url, "size": package.size,
                "sha256": package.sha256.hex() if package.sha256 else None,
                "md5": package.md5.hex() if package.md5 else None,
                "noarch": "python" if kind.python else "generic" if kind.generic else None,
            }

        async def main():
            request = json.load(sys.stdin)
            config = SourceConfig(cache_action="no-cache" if request["refresh"] else "cache-or-fetch")
            packages = await solve(
                [Channel(url) for url in request["channels"]],
                [MatchSpec(spec) for spec in request["specs"]],
                gateway=Gateway(cache_dir=request["cache"], default_config=config),
                platforms=[request["platform"], "noarch"],
                virtual_packages=[virtual(text) for text in request["virtualPackages"]],
            )
            return [record(package) for package in packages]

        try:
            status, answer = 0, asyncio.run(main())
        except SolverError as error:
            status, answer = 1, {"solver_problems": [str(error)]}
        except Exception as error:
            status, answer = 1, {"message": f"{type(error).__name__}: {error}"}
        json.dump(answer, sys.stdout)
        sys.stdout.flush()
        # The library's threads do not outlive an orderly end without harm.
        os._exit(status)
        """
}
