import Testing

@testable import Dockerfiles

/// Templates of users: they say what there is, and learn what there is not.
@Suite struct TemplateTests {
    private let values: DockerfileValues

    init() throws {
        let recipe = try recipe()
        values = try DockerfileValues(
            recipe,
            on: baseImage(),
            pin: false,
            layers: ContextLayers(recipe),
            archives: [],
            environment: nil
        )
    }

    @Test(arguments: [
        ("FROM {{base}}\n", "FROM registry.test/base:1\n"),
        (
            "{{! a comment }}\n{{{entrypoint}}}{{&user}}",
            "[\"/opt/venv/bin/gunicorn\",\"--config\",\"/opt/packager/gunicorn.conf.py\"]65532:65532"
        ),
        ("{{#ports}}\nEXPOSE {{.}}\n{{/ports}}\n", "EXPOSE 5000\n"),
        ("{{#environment}}{{create}} {{base}}{{/environment}}{{^environment}}none{{/environment}}", "none"),
        ("{{#labels}}{{value}}{{/labels}}", "\"docker-rest\"\"wine\"\"1.0\"\"wine\"\"1.0\""),
    ])
    func rendersWithoutChangingText(template: String, expected: String) throws {
        #expect(try DockerfileTemplate(template).render(values) == expected)
    }

    @Test(arguments: [
        ("FROM {{image}}", "base, baseDigest, baseName, command"),
        ("FROM a\n{{create}}", "line 2"),
        ("{{#labels}}{{value}}{{.name.first}}{{/labels}}", "name"),
        ("{{#environment}}{{digest}}{{/environment}}", "create"),
        ("{{#labels}}", "not closed"),
        ("{{#labels}}{{/ports}}", "ports"),
        ("{{/labels}}", "labels"),
        ("{{base", "not closed"),
        ("{{>partial}}", "not supported"),
        ("{{=<% %>=}}", "not supported"),
        ("{{% CONTENT_TYPE:HTML}}", "not supported"),
        ("{{$block}}{{/block}}", "not supported"),
        ("{{<parent}}{{/parent}}", "not supported"),
        ("{{uppercased(base)}}", "uppercased"),
        ("{{}}", "\"\""),
    ])
    func whatIsNotThereIsAnError(template: String, word: String) throws {
        let error = #expect(throws: DockerfileError.self) { try DockerfileTemplate(template).render(values) }
        #expect(error?.code == .invalidTemplate)
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }
}
