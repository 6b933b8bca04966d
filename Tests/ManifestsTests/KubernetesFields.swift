/// The fields that Kubernetes v1.36 has, by the object they stand in: a short form of its own objects with all fields, so
/// that the tables are held to them without those.
enum KubernetesFields {
    static let all: [(path: String, names: [String])] = lines.map { path, names in
        (path, names.split(separator: " ").map(String.init))
    }

    private static let lines: [(String, String)] = [
        (
            "Pod",
            """
            apiVersion kind metadata spec status
            """
        ),
        (
            "Pod.metadata",
            """
            annotations creationTimestamp deletionGracePeriodSeconds deletionTimestamp finalizers generateName \
            generation labels managedFields name namespace ownerReferences resourceVersion selfLink uid
            """
        ),
        (
            "Pod.spec",
            """
            activeDeadlineSeconds affinity automountServiceAccountToken containers dnsConfig dnsPolicy \
            enableServiceLinks ephemeralContainers evictionResponders hostAliases hostIPC hostNetwork hostPID \
            hostUsers hostname hostnameOverride imagePullSecrets initContainers nodeName nodeSelector os \
            overhead preemptionPolicy priority priorityClassName readinessGates resourceClaims resources \
            restartPolicy runtimeClassName schedulerName schedulingGates schedulingGroup securityContext \
            serviceAccount serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain \
            terminationGracePeriodSeconds tolerations topologySpreadConstraints volumes
            """
        ),
        (
            "Pod.spec.securityContext",
            """
            appArmorProfile fsGroup fsGroupChangePolicy runAsGroup runAsNonRoot runAsUser seLinuxChangePolicy \
            seLinuxOptions seccompProfile supplementalGroups supplementalGroupsPolicy sysctls windowsOptions
            """
        ),
        (
            "Pod.spec.hostAliases",
            """
            hostnames ip
            """
        ),
        (
            "Pod.spec.dnsConfig",
            """
            nameservers options searches
            """
        ),
        (
            "Pod.spec.dnsConfig.options",
            """
            name value
            """
        ),
        (
            "Pod.spec.affinity",
            """
            nodeAffinity podAffinity podAntiAffinity
            """
        ),
        (
            "Pod.spec.affinity.nodeAffinity",
            """
            preferredDuringSchedulingIgnoredDuringExecution requiredDuringSchedulingIgnoredDuringExecution
            """
        ),
        (
            "Pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution",
            """
            nodeSelectorTerms
            """
        ),
        (
            "Pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
            """
            matchExpressions matchFields
            """
        ),
        (
            "Pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.matchExpressions",
            """
            key operator values
            """
        ),
        (
            "Pod.spec.tolerations",
            """
            effect key operator tolerationSeconds value
            """
        ),
        (
            "Pod.spec.containers",
            """
            args command env envFrom image imagePullPolicy lifecycle livenessProbe name ports readinessProbe \
            resizePolicy resources restartPolicy restartPolicyRules securityContext startupProbe stdin stdinOnce \
            terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir
            """
        ),
        (
            "Pod.spec.containers.env",
            """
            name value valueFrom
            """
        ),
        (
            "Pod.spec.containers.env.valueFrom",
            """
            configMapKeyRef fieldRef fileKeyRef resourceFieldRef secretKeyRef
            """
        ),
        (
            "Pod.spec.containers.env.valueFrom.configMapKeyRef",
            """
            key name optional
            """
        ),
        (
            "Pod.spec.containers.env.valueFrom.secretKeyRef",
            """
            key name optional
            """
        ),
        (
            "Pod.spec.containers.env.valueFrom.fieldRef",
            """
            apiVersion fieldPath
            """
        ),
        (
            "Pod.spec.containers.env.valueFrom.resourceFieldRef",
            """
            containerName divisor resource
            """
        ),
        (
            "Pod.spec.containers.envFrom",
            """
            configMapRef prefix secretRef
            """
        ),
        (
            "Pod.spec.containers.envFrom.configMapRef",
            """
            name optional
            """
        ),
        (
            "Pod.spec.containers.envFrom.secretRef",
            """
            name optional
            """
        ),
        (
            "Pod.spec.containers.ports",
            """
            containerPort hostIP hostPort name protocol
            """
        ),
        (
            "Pod.spec.containers.resources",
            """
            claims limits requests
            """
        ),
        (
            "Pod.spec.containers.securityContext",
            """
            allowPrivilegeEscalation appArmorProfile capabilities privileged procMount readOnlyRootFilesystem \
            runAsGroup runAsNonRoot runAsUser seLinuxOptions seccompProfile windowsOptions
            """
        ),
        (
            "Pod.spec.containers.securityContext.capabilities",
            """
            add drop
            """
        ),
        (
            "Pod.spec.containers.volumeMounts",
            """
            mountPath mountPropagation name readOnly recursiveReadOnly subPath subPathExpr bindMountOptions
            """
        ),
        (
            "Pod.spec.volumes",
            """
            awsElasticBlockStore azureDisk azureFile cephfs cinder configMap csi downwardAPI emptyDir ephemeral fc \
            flexVolume flocker gcePersistentDisk gitRepo glusterfs hostPath image iscsi name nfs \
            persistentVolumeClaim photonPersistentDisk portworxVolume projected quobyte rbd scaleIO secret storageos \
            vsphereVolume
            """
        ),
        (
            "Pod.spec.volumes.emptyDir",
            """
            medium sizeLimit mode
            """
        ),
        (
            "Pod.spec.volumes.hostPath",
            """
            path type
            """
        ),
        (
            "Pod.spec.volumes.image",
            """
            pullPolicy reference
            """
        ),
        (
            "Pod.spec.volumes.configMap",
            """
            defaultMode items name optional defaultUser
            """
        ),
        (
            "Pod.spec.volumes.configMap.items",
            """
            key mode path user
            """
        ),
        (
            "Pod.spec.volumes.secret",
            """
            defaultMode items optional secretName defaultUser
            """
        ),
        (
            "Pod.spec.volumes.secret.items",
            """
            key mode path user
            """
        ),
        (
            "Pod.spec.volumes.downwardAPI",
            """
            defaultMode items defaultUser
            """
        ),
        (
            "Pod.spec.volumes.downwardAPI.items",
            """
            fieldRef mode path resourceFieldRef user
            """
        ),
        (
            "Pod.spec.volumes.downwardAPI.items.fieldRef",
            """
            apiVersion fieldPath
            """
        ),
        (
            "Pod.spec.volumes.downwardAPI.items.resourceFieldRef",
            """
            containerName divisor resource
            """
        ),
        (
            "Pod.spec.volumes.projected",
            """
            defaultMode sources defaultUser
            """
        ),
        (
            "Pod.spec.volumes.projected.sources",
            """
            clusterTrustBundle configMap downwardAPI podCertificate secret serviceAccountToken
            """
        ),
        (
            "Pod.spec.volumes.projected.sources.configMap",
            """
            items name optional
            """
        ),
        (
            "Pod.spec.volumes.projected.sources.configMap.items",
            """
            key mode path user
            """
        ),
        (
            "Pod.spec.volumes.projected.sources.secret",
            """
            items name optional
            """
        ),
        (
            "Pod.spec.volumes.projected.sources.secret.items",
            """
            key mode path user
            """
        ),
        (
            "Pod.spec.volumes.projected.sources.downwardAPI",
            """
            items
            """
        ),
        (
            "Pod.spec.volumes.projected.sources.downwardAPI.items",
            """
            fieldRef mode path resourceFieldRef user
            """
        ),
        (
            "Pod.spec.volumes.projected.sources.downwardAPI.items.fieldRef",
            """
            apiVersion fieldPath
            """
        ),
        (
            "Pod.spec.volumes.projected.sources.downwardAPI.items.resourceFieldRef",
            """
            containerName divisor resource
            """
        ),
        (
            "Pod.spec.volumes.persistentVolumeClaim",
            """
            claimName readOnly
            """
        ),
        (
            "ConfigMap",
            """
            apiVersion binaryData data immutable kind metadata
            """
        ),
        (
            "Secret",
            """
            apiVersion data immutable kind metadata stringData type
            """
        ),
        (
            "Namespace",
            """
            apiVersion kind metadata spec status
            """
        ),
        (
            "Namespace.spec",
            """
            finalizers
            """
        ),
    ]
}
