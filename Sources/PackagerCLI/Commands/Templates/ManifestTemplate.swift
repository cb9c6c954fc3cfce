/// A manifest to begin with.
struct ManifestTemplate: Sendable {
    /// ODAHU's names where it has the template.
    var name: String
    var summary: String
    /// YAML that is applied as it stands once its names are one's own.
    var text: String

    static let all: [ManifestTemplate] = [
        ManifestTemplate(
            name: "docker_packaging",
            summary: "an artifact as a REST server (docker-rest)",
            text: """
                # packager pack create -f pack.yaml
                kind: ModelPackaging
                id: wine-rest
                spec:
                  artifactName: wine.zip          # packager artifact upload wine.zip
                  integrationName: docker-rest
                  arguments:                      # packager pi get --id docker-rest -o yaml lists them all
                    imageName: "{{ Name }}:{{ Version }}"
                    workers: 2
                  targets:                        # left out, the image goes into the server's own store
                    - name: docker-push
                      connectionName: docker-ci
                    - name: docker-pull           # for a base image of your own
                      connectionName: docker-ci

                """
        ),
        ManifestTemplate(
            name: "docker_cli_packaging",
            summary: "an artifact as a command line for batches (docker-cli)",
            text: """
                # packager pack create -f pack.yaml
                kind: ModelPackaging
                id: wine-cli
                spec:
                  artifactName: wine.zip
                  integrationName: docker-cli
                  arguments:
                    imageName: "{{ Name }}-cli:{{ Version }}"
                  targets:
                    - name: docker-push
                      connectionName: docker-ci

                """
        ),
        ManifestTemplate(
            name: "docker_triton_packaging",
            summary: "an artifact on NVIDIA's Triton server (docker-triton)",
            text: """
                # packager pack create -f pack.yaml
                kind: ModelPackaging
                id: wine-triton
                spec:
                  artifactName: wine.onnx
                  integrationName: docker-triton
                  arguments:
                    imageName: "{{ Name }}-triton:{{ Version }}"
                  targets:
                    - name: docker-push
                      connectionName: docker-ci

                """
        ),
        ManifestTemplate(
            name: "packaging_integration",
            summary: "an integration of your own, from a built-in one with other defaults",
            text: """
                # packager pi create -f integration.yaml
                kind: PackagingIntegration
                id: docker-rest-large
                spec:
                  entrypoint: built-in          # what docker-rest is made of
                  defaultImage: built-in
                  schema:
                    targets:
                      - name: docker-push
                        connectionTypes: [docker, ecr]
                        default: docker-ci        # for packagings that name none
                        required: true
                    arguments:
                      properties:
                        - name: workers
                          parameters:
                            - {name: description, value: Processes that answer requests.}
                            - {name: type, value: integer}
                            - {name: default, value: 8}

                """
        ),
        ManifestTemplate(
            name: "docker_connection",
            summary: "a container registry",
            text: """
                # packager conn create -f connection.yaml
                kind: Connection
                id: docker-ci
                spec:
                  type: docker
                  uri: registry.example.com/team
                  username: ci
                  password: c2VjcmV0              # base64: printf secret | base64
                  description: Images of the team

                """
        ),
        ManifestTemplate(
            name: "ecr_connection",
            summary: "Amazon's container registry",
            text: """
                kind: Connection
                id: docker-ecr
                spec:
                  type: ecr
                  uri: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/team
                  region: eu-central-1
                  keyID: QUtJQUVYQU1QTEU=         # base64
                  keySecret: c2VjcmV0

                """
        ),
        ManifestTemplate(
            name: "s3_connection",
            summary: "a bucket that holds artifacts",
            text: """
                kind: Connection
                id: models-output
                spec:
                  type: s3
                  uri: s3://bucket/models
                  region: eu-central-1
                  keyID: QUtJQUVYQU1QTEU=         # base64
                  keySecret: c2VjcmV0

                """
        ),
    ]
}
